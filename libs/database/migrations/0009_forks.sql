CREATE TABLE "forks" (
	"repository_id" bigint PRIMARY KEY NOT NULL,
	"parent_id" bigint NOT NULL,
	"forked_time" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "forks_parent" ON "forks" USING btree ("parent_id","forked_time","repository_id");