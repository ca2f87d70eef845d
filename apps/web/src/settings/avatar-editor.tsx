import { GutsError } from "@guts/primitives";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { accountQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { useToasts } from "../components/toast.tsx";
import { AvatarDialog } from "./avatar-dialog.tsx";
import type { Crop } from "./crop.ts";
import { encodeAvatar } from "./encode-avatar.ts";

/** Larger files than this are no pictures of people. */
const fileBytesMax = 32 * 1024 * 1024;

/** The picture of an account or organization: chosen, cropped and sent, or taken away. */
export function AvatarEditor({ handle, square }: { readonly handle: string; readonly square?: boolean }): ReactElement {
  const { data: view } = useQuery(accountQuery(handle, 1));
  const file = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap>();
  const toasts = useToasts();
  const close = (): void => setPicture(undefined);
  const save = useAvatarChange(handle, "Picture saved", close);
  const open = async (chosen: File): Promise<void> => {
    const bitmap = chosen.size > fileBytesMax ? undefined : await createImageBitmap(chosen).catch(() => undefined);
    if (bitmap === undefined) toasts.fail("This browser cannot read that file as a picture. Choose a PNG or JPEG.");
    setPicture(bitmap);
  };
  const path = view?.account.avatarPath;
  return (
    <section className="avatar-editor" aria-labelledby="picture">
      <h2 id="picture">Picture</h2>
      <Avatar handle={handle} size={120} {...(path !== undefined && { path })} {...(square && { square })} />
      <input
        ref={file}
        type="file"
        hidden
        accept="image/png,image/jpeg,image/webp,image/gif"
        aria-label="Picture file"
        onChange={({ currentTarget: input }) => {
          const chosen = input.files?.[0];
          input.value = "";
          if (chosen !== undefined) void open(chosen);
        }}
      />
      <div className="row">
        <Button small onClick={() => file.current?.click()}>
          Upload a picture
        </Button>
        {path === undefined || path.endsWith(".svg") ? null : (
          <Button
            small
            variant="danger"
            busy={save.isPending && picture === undefined}
            onClick={() => save.mutate(undefined, { onError: (error) => toasts.fail(explainFailure(error)) })}
          >
            Remove picture
          </Button>
        )}
      </div>
      {picture === undefined ? null : (
        <AvatarDialog
          picture={picture}
          isBusy={save.isPending}
          error={save.error}
          onSave={(crop) => save.mutate({ picture, crop })}
          onClose={close}
        />
      )}
    </section>
  );
}

interface NewAvatar {
  readonly picture: ImageBitmap;
  readonly crop: Crop;
}

function useAvatarChange(handle: string, done: string, onDone: () => void) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async (wanted: NewAvatar | undefined) => {
      if (wanted === undefined) return api.call("DELETE /api/guts/accounts/{handle}/avatar", { path: { handle } });
      const image = await encodeAvatar(wanted.picture, wanted.crop);
      if (image === undefined)
        throw new GutsError("too-large", "This browser cannot make the picture small enough. Try another.", undefined);
      return api.call("PUT /api/guts/accounts/{handle}/avatar", { path: { handle }, body: { image } });
    },
    onSuccess: async (_, wanted) => {
      toasts.succeed(wanted === undefined ? "Picture removed" : done);
      onDone();
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["own", "account", "session"].includes(String(queryKey[0])),
      });
    },
  });
}
