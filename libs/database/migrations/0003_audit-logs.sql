CREATE TABLE "audit_logs" (
	"log_type" text COLLATE "C" NOT NULL,
	"log_id" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"actor_id" bigint NOT NULL,
	CONSTRAINT "audit_logs_log_type_log_id_sequence_pk" PRIMARY KEY("log_type","log_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "repository_owners" (
	"repository_id" bigint PRIMARY KEY NOT NULL,
	"owner_id" bigint NOT NULL,
	"offered_to" bigint
);
--> statement-breakpoint
CREATE INDEX "audit_logs_action" ON "audit_logs" USING btree ("log_type","log_id","action","sequence");--> statement-breakpoint
CREATE INDEX "audit_logs_actor" ON "audit_logs" USING btree ("log_type","log_id","actor_id","sequence");--> statement-breakpoint
CREATE INDEX "audit_logs_sequence" ON "audit_logs" USING btree ("sequence");--> statement-breakpoint
CREATE INDEX "blocks_time" ON "blocks" USING btree ("time");