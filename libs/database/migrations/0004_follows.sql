CREATE TABLE "follows" (
	"account_id" bigint NOT NULL,
	"followed_id" bigint NOT NULL,
	"since_time" bigint NOT NULL,
	CONSTRAINT "follows_account_id_followed_id_pk" PRIMARY KEY("account_id","followed_id")
);
--> statement-breakpoint
CREATE INDEX "follows_since" ON "follows" USING btree ("account_id","since_time","followed_id");--> statement-breakpoint
CREATE INDEX "follows_followed" ON "follows" USING btree ("followed_id","since_time","account_id");