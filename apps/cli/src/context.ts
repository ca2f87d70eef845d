import type { HostUrl } from "./config/host-name.ts";
import type { Hosts } from "./config/hosts-file.ts";
import type { Platform } from "./platform.ts";
import type { Settings } from "./settings.ts";
import type { Style } from "./terminal/style.ts";

/** What a running command works with. */
export interface CommandContext {
  readonly platform: Platform;
  readonly settings: Settings;
  /** The hosts file as it was when the command started. */
  readonly hosts: Hosts;
  /** `--host`, else GUTS_HOST; undefined when neither is given. */
  readonly askedHost: HostUrl | undefined;
  /** Colours of standard output. */
  readonly style: Style;
  /** Colours of standard error. */
  readonly errorStyle: Style;
}
