-- How far a file is read, and how many rows a table has, without opening its details.

ALTER TABLE "files" ADD COLUMN "rows" INTEGER, ADD COLUMN "progress" INTEGER;
UPDATE "files" SET "rows" = ("details"->'table'->>'rows')::int WHERE "details"->'table'->>'rows' IS NOT NULL;
