-- Rows without the new columns are projected anew: projectionVersion changes with this.
TRUNCATE TABLE "organization_invitations", "organization_members", "teams";--> statement-breakpoint
ALTER TABLE "organization_invitations" ADD COLUMN "role" text COLLATE "C" NOT NULL;--> statement-breakpoint
ALTER TABLE "organization_members" ADD COLUMN "visibility" text COLLATE "C" NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "slug" text COLLATE "C" NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "privacy" text COLLATE "C" NOT NULL;--> statement-breakpoint
CREATE INDEX "organization_invitations_organization" ON "organization_invitations" USING btree ("organization_id","number");--> statement-breakpoint
CREATE INDEX "teams_organization" ON "teams" USING btree ("organization_id","slug");--> statement-breakpoint
CREATE INDEX "teams_parent" ON "teams" USING btree ("parent_id") WHERE parent_id is not null;