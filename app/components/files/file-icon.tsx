import { File, FileText, Table2, FileType2, type LucideIcon } from 'lucide-react';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  pdf: FileType2,
  docx: FileText,
  md: FileText,
  txt: FileText,
  csv: Table2,
};

export function FileIcon({ name, className }: { name: string; className?: string }) {
  const Icon = ICONS[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? File;
  return <Icon aria-hidden className={className} />;
}
