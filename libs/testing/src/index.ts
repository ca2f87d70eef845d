export { MemoryState } from "./memory-state.ts";
