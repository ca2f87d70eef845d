import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { SshKeyField } from "./ssh-key-field.tsx";
import { previewSshKey } from "./ssh-key-line.ts";

/** What the form gives. Without a title the key's comment is taken. */
export interface GivenSshKey {
  readonly key: string;
  readonly title?: string;
}

interface SshKeyFormProps {
  readonly name: string;
  /** More to say of the key, between it and the buttons. */
  readonly children?: ReactNode;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: (given: GivenSshKey) => void;
  readonly onCancel: () => void;
}

/** Takes the public half of an SSH key, of whatever use. */
export function SshKeyForm({ name, children, isPending, error, onSubmit, onCancel }: SshKeyFormProps): ReactElement {
  const [key, setKey] = useState("");
  const [title, setTitle] = useState("");
  const preview = previewSshKey(key);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!("problem" in preview)) onSubmit({ key: key.trim(), ...(title.trim() !== "" && { title: title.trim() }) });
  };
  return (
    <form className="box" onSubmit={submit} aria-label={name}>
      <div className="box-header">
        <h2>{name}</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={error} />
        <TextField
          label="Title"
          isOptional
          autoFocus
          maxLength={100}
          placeholder={("comment" in preview && preview.comment) || "laptop"}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <SshKeyField value={key} onChange={setKey} />
        {children}
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={isPending} disabled={"problem" in preview}>
            Add key
          </Button>
          <Button variant="invisible" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}
