CREATE TABLE "comments" (
	"id" bigint PRIMARY KEY NOT NULL,
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"updated_time" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "issue_assignees" (
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	CONSTRAINT "issue_assignees_repository_id_number_account_id_pk" PRIMARY KEY("repository_id","number","account_id")
);
--> statement-breakpoint
CREATE TABLE "issue_entries" (
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"ordinal" bigint NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"actor_id" bigint NOT NULL,
	"time" bigint NOT NULL,
	"label_id" bigint,
	"account_id" bigint,
	"milestone" bigint,
	"comment_id" bigint,
	"title_before" "bytea",
	"title_after" "bytea",
	"reason" text COLLATE "C",
	"other_repository_id" bigint,
	"other_number" bigint,
	CONSTRAINT "issue_entries_repository_id_number_sequence_ordinal_pk" PRIMARY KEY("repository_id","number","sequence","ordinal")
);
--> statement-breakpoint
CREATE TABLE "issue_labels" (
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"label_id" bigint NOT NULL,
	CONSTRAINT "issue_labels_repository_id_number_label_id_pk" PRIMARY KEY("repository_id","number","label_id")
);
--> statement-breakpoint
CREATE TABLE "issue_mentions" (
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	CONSTRAINT "issue_mentions_repository_id_number_account_id_pk" PRIMARY KEY("repository_id","number","account_id")
);
--> statement-breakpoint
CREATE TABLE "issues" (
	"repository_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"author_id" bigint NOT NULL,
	"is_closed" boolean NOT NULL,
	"milestone" bigint,
	"pinned_time" bigint,
	"comment_count" bigint NOT NULL,
	"updated_time" bigint NOT NULL,
	"title_digest" "bytea" NOT NULL,
	CONSTRAINT "issues_repository_id_number_pk" PRIMARY KEY("repository_id","number")
);
--> statement-breakpoint
CREATE TABLE "label_names" (
	"label_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"color" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "milestone_titles" (
	"repository_id" bigint NOT NULL,
	"milestone" bigint NOT NULL,
	"title_digest" "bytea" NOT NULL,
	CONSTRAINT "milestone_titles_repository_id_milestone_pk" PRIMARY KEY("repository_id","milestone")
);
--> statement-breakpoint
CREATE TABLE "milestones" (
	"repository_id" bigint NOT NULL,
	"milestone" bigint NOT NULL,
	"is_closed" boolean NOT NULL,
	"due_time" bigint,
	"title_digest" "bytea" NOT NULL,
	CONSTRAINT "milestones_repository_id_milestone_pk" PRIMARY KEY("repository_id","milestone")
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"subject_repository" bigint NOT NULL,
	"subject" bigint NOT NULL,
	"content" text COLLATE "C" NOT NULL,
	"account_id" bigint NOT NULL,
	"id" bigint NOT NULL,
	"created_time" bigint NOT NULL,
	CONSTRAINT "reactions_subject_repository_subject_content_account_id_pk" PRIMARY KEY("subject_repository","subject","content","account_id")
);
--> statement-breakpoint
CREATE INDEX "comments_issue" ON "comments" USING btree ("repository_id","number","id");--> statement-breakpoint
CREATE INDEX "comments_repository" ON "comments" USING btree ("repository_id","id");--> statement-breakpoint
CREATE INDEX "comments_updated" ON "comments" USING btree ("repository_id","updated_time","id");--> statement-breakpoint
CREATE INDEX "comments_author" ON "comments" USING btree ("author_id","repository_id","number");--> statement-breakpoint
CREATE INDEX "issue_assignees_account" ON "issue_assignees" USING btree ("account_id","repository_id","number");--> statement-breakpoint
CREATE INDEX "issue_entries_repository" ON "issue_entries" USING btree ("repository_id","sequence","ordinal");--> statement-breakpoint
CREATE INDEX "issue_entries_references" ON "issue_entries" USING btree ("repository_id","number","other_repository_id","other_number") WHERE type = 'cross-referenced';--> statement-breakpoint
CREATE INDEX "issue_labels_label" ON "issue_labels" USING btree ("label_id","number");--> statement-breakpoint
CREATE INDEX "issue_mentions_account" ON "issue_mentions" USING btree ("account_id","repository_id","number");--> statement-breakpoint
CREATE INDEX "issues_state" ON "issues" USING btree ("repository_id","is_closed","number");--> statement-breakpoint
CREATE INDEX "issues_kind" ON "issues" USING btree ("repository_id","kind","is_closed","number");--> statement-breakpoint
CREATE INDEX "issues_updated" ON "issues" USING btree ("repository_id","updated_time","number");--> statement-breakpoint
CREATE INDEX "issues_comments" ON "issues" USING btree ("repository_id","comment_count","number");--> statement-breakpoint
CREATE INDEX "issues_author" ON "issues" USING btree ("author_id","repository_id","number");--> statement-breakpoint
CREATE INDEX "issues_milestone" ON "issues" USING btree ("repository_id","milestone","is_closed","number") WHERE milestone is not null;--> statement-breakpoint
CREATE INDEX "issues_pinned" ON "issues" USING btree ("repository_id","pinned_time") WHERE pinned_time is not null;--> statement-breakpoint
CREATE INDEX "milestones_due" ON "milestones" USING btree ("repository_id","is_closed","due_time","milestone");--> statement-breakpoint
CREATE INDEX "reactions_id" ON "reactions" USING btree ("subject_repository","subject","id");