import { defineConfig } from "drizzle-kit";

/** `npm run generate -w @guts/database` writes the migration that leads from the newest snapshot to the schema. */
export default defineConfig({ dialect: "postgresql", schema: "./src/schema/tables.ts", out: "./migrations" });
