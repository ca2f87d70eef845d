CREATE TABLE "account_keys" (
	"account_id" bigint NOT NULL,
	"public_key" "bytea" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"label" text COLLATE "C" NOT NULL,
	"added_time" bigint NOT NULL,
	"added_height" bigint NOT NULL,
	"revoked_height" bigint,
	CONSTRAINT "account_keys_account_id_public_key_pk" PRIMARY KEY("account_id","public_key")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"handle" text COLLATE "C" NOT NULL,
	"handle_folded" text COLLATE "C" NOT NULL,
	"is_closed" boolean NOT NULL,
	"is_administrator" boolean NOT NULL,
	"created_time" bigint NOT NULL,
	"created_height" bigint NOT NULL,
	"updated_time" bigint NOT NULL,
	"display_name_digest" "bytea",
	"bio_digest" "bytea",
	"location_digest" "bytea",
	"website_digest" "bytea"
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"height" bigint PRIMARY KEY NOT NULL,
	"header_hash" "bytea" NOT NULL,
	"time" bigint NOT NULL,
	"transaction_count" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "collaborators" (
	"repository_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"since_time" bigint NOT NULL,
	"since_height" bigint NOT NULL,
	CONSTRAINT "collaborators_repository_id_account_id_pk" PRIMARY KEY("repository_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "contents" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"repository_id" bigint,
	"text" text COLLATE "C",
	"redacted_by" bigint,
	"redacted_height" bigint,
	"redaction_reason" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"scopes" bigint NOT NULL,
	"label" text COLLATE "C" NOT NULL,
	"created_time" bigint NOT NULL,
	"created_height" bigint NOT NULL,
	"expires_time" bigint,
	"audience" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"account_id" bigint NOT NULL,
	"node_id" text COLLATE "C" NOT NULL,
	"granted_time" bigint NOT NULL,
	"granted_height" bigint NOT NULL,
	CONSTRAINT "delegations_account_id_node_id_pk" PRIMARY KEY("account_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"height" bigint NOT NULL,
	"index" bigint NOT NULL,
	"transaction_id" "bytea" NOT NULL,
	"time" bigint NOT NULL,
	"actor_id" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"scope_type" text COLLATE "C" NOT NULL,
	"scope_id" bigint NOT NULL,
	"payload" "bytea" NOT NULL,
	"result" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nodes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"since_height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projection" (
	"id" smallint PRIMARY KEY NOT NULL,
	"network_id" "bytea" NOT NULL,
	"version" bigint NOT NULL,
	"height" bigint NOT NULL,
	"header_hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarantined_entries" (
	"source" text COLLATE "C" NOT NULL,
	"key" "bytea" NOT NULL,
	"table_name" text COLLATE "C" NOT NULL,
	"error" text COLLATE "C" NOT NULL,
	CONSTRAINT "quarantined_entries_source_key_pk" PRIMARY KEY("source","key")
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"id" bigint PRIMARY KEY NOT NULL,
	"owner_id" bigint NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"name_folded" text COLLATE "C" NOT NULL,
	"visibility" text COLLATE "C" NOT NULL,
	"object_format" text COLLATE "C" NOT NULL,
	"default_branch" text COLLATE "C" NOT NULL,
	"is_archived" boolean NOT NULL,
	"created_time" bigint NOT NULL,
	"created_height" bigint NOT NULL,
	"updated_time" bigint NOT NULL,
	"pushed_time" bigint,
	"activity_time" bigint NOT NULL,
	"ref_count" bigint NOT NULL,
	"description_digest" "bytea",
	"homepage_digest" "bytea"
);
--> statement-breakpoint
CREATE TABLE "repository_invitations" (
	"repository_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"invited_by" bigint NOT NULL,
	"created_time" bigint NOT NULL,
	"expires_time" bigint NOT NULL,
	CONSTRAINT "repository_invitations_repository_id_account_id_pk" PRIMARY KEY("repository_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "transfer_offers" (
	"repository_id" bigint PRIMARY KEY NOT NULL,
	"from_id" bigint NOT NULL,
	"to_id" bigint NOT NULL,
	"new_name" text COLLATE "C",
	"created_time" bigint NOT NULL,
	"expires_time" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "account_keys_added" ON "account_keys" USING btree ("account_id","added_height","public_key");--> statement-breakpoint
CREATE INDEX "accounts_handle" ON "accounts" USING btree ("handle_folded","id");--> statement-breakpoint
CREATE INDEX "collaborators_account" ON "collaborators" USING btree ("account_id","repository_id");--> statement-breakpoint
CREATE INDEX "credentials_account" ON "credentials" USING btree ("account_id","number");--> statement-breakpoint
CREATE INDEX "delegations_granted" ON "delegations" USING btree ("account_id","granted_height","node_id");--> statement-breakpoint
CREATE INDEX "events_scope" ON "events" USING btree ("scope_type","scope_id","sequence");--> statement-breakpoint
CREATE INDEX "events_actor" ON "events" USING btree ("actor_id","sequence");--> statement-breakpoint
CREATE INDEX "events_block" ON "events" USING btree ("height","index");--> statement-breakpoint
CREATE INDEX "events_transaction" ON "events" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "repositories_owner" ON "repositories" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "repositories_public" ON "repositories" USING btree ("id") WHERE visibility = 'public';--> statement-breakpoint
CREATE INDEX "repositories_public_updated" ON "repositories" USING btree ("updated_time","id") WHERE visibility = 'public';--> statement-breakpoint
CREATE INDEX "repositories_public_activity" ON "repositories" USING btree ("activity_time","id") WHERE visibility = 'public';--> statement-breakpoint
CREATE INDEX "repositories_public_name" ON "repositories" USING btree ("name_folded","id") WHERE visibility = 'public';--> statement-breakpoint
CREATE INDEX "repository_invitations_number" ON "repository_invitations" USING btree ("number");--> statement-breakpoint
CREATE INDEX "repository_invitations_repository" ON "repository_invitations" USING btree ("repository_id","number");--> statement-breakpoint
CREATE INDEX "repository_invitations_account" ON "repository_invitations" USING btree ("account_id","number");--> statement-breakpoint
CREATE INDEX "transfer_offers_to" ON "transfer_offers" USING btree ("to_id","repository_id");