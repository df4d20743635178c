-- AlterTable
ALTER TABLE "turn_steps" ADD COLUMN "prompt_version" TEXT;
