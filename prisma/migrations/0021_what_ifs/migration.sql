-- A turn that tries a past one differently. It is on no branch: nothing follows it, and it follows what its original followed.
ALTER TABLE "turns" ADD COLUMN "what_if_of" UUID;
CREATE INDEX "turns_what_if_of_idx" ON "turns"("what_if_of") WHERE "what_if_of" IS NOT NULL;
