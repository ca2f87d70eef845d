import { Fragment, type ReactElement } from "react";

import { Dialog } from "../components/dialog.tsx";
import { useBoundShortcuts, type Shortcut } from "./shortcuts.tsx";

const groups: readonly Shortcut["group"][] = ["Everywhere", "Organization", "Repository", "File"];

/** Lists the shortcuts that work on the present page. */
export function HelpSheet({ onClose }: { readonly onClose: () => void }): ReactElement {
  const shortcuts = useBoundShortcuts();
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="dialog-body stack">
        {groups.map((group) => {
          const own = shortcuts.filter((shortcut) => shortcut.group === group);
          return own.length === 0 ? null : <Group key={group} name={group} shortcuts={own} />;
        })}
      </div>
    </Dialog>
  );
}

function Group({ name, shortcuts }: { readonly name: string; readonly shortcuts: readonly Shortcut[] }): ReactElement {
  return (
    <section className="stack tight">
      <h3>{name}</h3>
      <dl className="shortcut-list">
        {shortcuts.map((shortcut) => (
          <Fragment key={shortcut.keys}>
            <dt>{shortcut.label}</dt>
            <dd className="row">
              {shortcut.keys.split(" ").map((key, index) => (
                <kbd className="kbd" key={index}>
                  {key}
                </kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
