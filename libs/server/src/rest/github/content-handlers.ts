import type { ContentEntry } from "@guts/api";

import { notFound, Refusal } from "../../errors.ts";
import type { Answer, Call, RouteHandlers } from "../../http/call.ts";
import type { GitTreeEntry } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { findEntry, findReadme, listDirectory, renderDocument, type Spot } from "../../use-cases/browse.ts";
import { openAtPresentName } from "../../use-cases/open-repository.ts";
import { followLink, submoduleUrl } from "../../use-cases/linked-content.ts";
import { pathParts, requirePath, resolveCommit } from "../../use-cases/resolve-ref.ts";
import { placeOf } from "./present-branch.ts";
import { contentTypeOf, presentDirectory, presentEntry, presentFile, type Place } from "./present-git.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type ReadmeName = `GET ${Repo}/readme` | `GET ${Repo}/readme/{+dir}`;
type Name = `GET ${Repo}/contents` | `GET ${Repo}/contents/{+path}` | ReadmeName;
type ContentCall = Omit<Call<`GET ${Repo}/contents`>, "path"> & { readonly path: { owner: string; repo: string } };
type ContentAnswer = Answer<`GET ${Repo}/contents`>;

/** Bytes of a blob that the API answers; GitHub's limit. */
export const blobBytesMax = 100 * 1024 * 1024;
/** Bytes of a file whose content is part of the JSON answer; GitHub's limit. */
const contentBytesMax = 1024 * 1024;
/** Entries of a directory that are listed; GitHub's limit. The trees API lists more. */
const directoryEntryCountMax = 1_000;

/** The refusal of a blob above the limit, in GitHub's shape. */
export function blobTooLarge(): Refusal {
  const message = "This API answers blobs of up to 100 MB. Clone the repository to get it.";
  const errors = [{ resource: "Blob", field: "data", code: "too_large" }];
  return new Refusal("forbidden", message, { reason: "too-large", errors });
}

/** Files and directories, in GitHub's shapes and media types. */
export function contentHandlers(services: Services): Pick<RouteHandlers, Name> {
  const readme = async (call: ContentCall, directory: string): Promise<Answer<`GET ${Repo}/readme`>> => {
    const { spot, place } = await openSpot(services, call, directory);
    const entry = findReadme(await listDirectory(services, spot));
    if (entry === undefined) throw notFound();
    const path = childPath(spot.at.path, entry.name);
    const at = { ...spot, at: { ...spot.at, path } };
    const answer = await answerFile(services, { spot: at, entry, place, accept: call.accept });
    return answer as Answer<`GET ${Repo}/readme`>; // A README is a file.
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/contents": (call) => answerContent(services, call, ""),
    "GET /api/v3/repos/{owner}/{repo}/contents/{+path}": (call) => answerContent(services, call, call.path.path),
    "GET /api/v3/repos/{owner}/{repo}/readme": (call) => readme(call, ""),
    "GET /api/v3/repos/{owner}/{repo}/readme/{+dir}": (call) => readme(call, call.path.dir),
  };
}

interface OpenedSpot {
  readonly spot: Spot;
  readonly place: Place & { readonly ref: string };
}

async function openSpot(services: Services, call: ContentCall, rawPath: string): Promise<OpenedSpot> {
  const opened = openAtPresentName(services.ledger, call, "read-contents");
  const resolved = await resolveCommit(services, opened, { name: call.query.ref, signal: call.signal });
  const path = requirePath(pathParts(rawPath));
  const place = { ...placeOf(services, opened, call.baseUrl), ref: call.query.ref ?? resolved.name };
  return { spot: { opened, at: { ...resolved, path }, signal: call.signal }, place };
}

async function answerContent(services: Services, call: ContentCall, rawPath: string): Promise<ContentAnswer> {
  const { spot, place } = await openSpot(services, call, rawPath);
  const entry = await findEntry(services, spot);
  if (entry !== undefined && entry.type !== "tree")
    return answerFile(services, { spot, entry, place, accept: call.accept });
  const { path } = spot.at;
  const listed = (await listDirectory(services, spot)).slice(0, directoryEntryCountMax);
  const entries = listed.map((child) => presentEntry(child, { ...place, path: childPath(path, child.name) }));
  if (mediaOf(call.accept) !== "object") return { status: 200, body: entries };
  const id = entry?.id ?? (await services.git.readCommit(spot.opened.repository.id, spot.at.commit, spot.signal))?.tree;
  if (id === undefined) throw notFound();
  return { status: 200, body: presentDirectory({ id, entries }, { ...place, path }) };
}

interface FoundFile {
  readonly spot: Spot;
  readonly entry: GitTreeEntry;
  readonly place: Place & { readonly ref: string };
  readonly accept: string;
}

/** One file, symbolic link or submodule; as bytes or as a page where the client asked for that. */
async function answerFile(services: Services, { spot, entry, place, accept }: FoundFile): Promise<ContentAnswer> {
  const shape = presentEntry(entry, { ...place, path: spot.at.path });
  if (entry.type === "commit")
    return {
      status: 200,
      body: { ...shape, type: "submodule", submodule_git_url: (await submoduleUrl(services, spot)) ?? "" },
    };
  if (contentTypeOf(entry) === "symlink") {
    const link = await followLink(services, spot, entry);
    if (link.target === undefined) return { status: 200, body: { ...shape, type: "symlink", target: link.text } };
    const { id, sizeBytes = 0 } = link.target;
    return answerBlob(services, { spot, shape: { ...shape, type: "file", sha: id, size: sizeBytes }, accept });
  }
  return answerBlob(services, { spot, shape, accept });
}

async function answerBlob(
  services: Services,
  { spot, shape, accept }: { readonly spot: Spot; readonly shape: ContentEntry; readonly accept: string },
): Promise<ContentAnswer> {
  const media = mediaOf(accept);
  const { opened, at, signal } = spot;
  const blobId = shape.sha as GitTreeEntry["id"];
  if (media === "html") {
    const html = await renderDocument(services, spot, { id: blobId, path: at.path });
    if (html === undefined)
      throw new Refusal("unsupported-media-type", "Only text is rendered. Ask for application/vnd.github.raw.");
    return { status: 200, type: "application/vnd.github.v3.html; charset=utf-8", bytes: html };
  }
  if (shape.size > blobBytesMax) throw blobTooLarge();
  const bytesMax = media === "raw" ? blobBytesMax : contentBytesMax;
  const blob = await services.git.readBlob(opened.repository.id, { blob: blobId, bytesMax, signal });
  if (blob === undefined) throw notFound();
  if (media === "raw") return { status: 200, type: "application/vnd.github.v3.raw; charset=utf-8", bytes: blob.bytes };
  return { status: 200, body: presentFile(shape, blob) };
}

/** GitHub's media types of contents; JSON by default. */
function mediaOf(accept: string): "raw" | "html" | "object" | "json" {
  const media = /application\/vnd\.github\.(?:v3\.)?(raw|html|object)/.exec(accept)?.[1];
  return media === "raw" || media === "html" || media === "object" ? media : "json";
}

function childPath(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
