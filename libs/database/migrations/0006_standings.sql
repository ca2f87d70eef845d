CREATE TABLE "stars" (
	"repository_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"since_time" bigint NOT NULL,
	CONSTRAINT "stars_repository_id_account_id_pk" PRIMARY KEY("repository_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"repository_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"since_time" bigint NOT NULL,
	CONSTRAINT "subscriptions_repository_id_account_id_pk" PRIMARY KEY("repository_id","account_id")
);
--> statement-breakpoint
CREATE INDEX "stars_repository" ON "stars" USING btree ("repository_id","since_time","account_id");--> statement-breakpoint
CREATE INDEX "stars_account" ON "stars" USING btree ("account_id","since_time","repository_id");--> statement-breakpoint
CREATE INDEX "subscriptions_repository" ON "subscriptions" USING btree ("repository_id","state","since_time","account_id");--> statement-breakpoint
CREATE INDEX "subscriptions_account" ON "subscriptions" USING btree ("account_id","state","since_time","repository_id");