CREATE TABLE "organization_invitations" (
	"organization_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"expires_time" bigint NOT NULL,
	CONSTRAINT "organization_invitations_organization_id_account_id_pk" PRIMARY KEY("organization_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "organization_members" (
	"organization_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	CONSTRAINT "organization_members_organization_id_account_id_pk" PRIMARY KEY("organization_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" bigint PRIMARY KEY NOT NULL,
	"base_permission" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repository_teams" (
	"repository_id" bigint NOT NULL,
	"team_id" bigint NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	CONSTRAINT "repository_teams_repository_id_team_id_pk" PRIMARY KEY("repository_id","team_id")
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	CONSTRAINT "team_members_team_id_account_id_pk" PRIMARY KEY("team_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" bigint PRIMARY KEY NOT NULL,
	"organization_id" bigint NOT NULL,
	"parent_id" bigint
);
--> statement-breakpoint
CREATE INDEX "organization_invitations_account" ON "organization_invitations" USING btree ("account_id","number");--> statement-breakpoint
CREATE INDEX "organization_members_account" ON "organization_members" USING btree ("account_id","organization_id");--> statement-breakpoint
CREATE INDEX "repository_teams_team" ON "repository_teams" USING btree ("team_id","repository_id");--> statement-breakpoint
CREATE INDEX "team_members_account" ON "team_members" USING btree ("account_id","team_id");