/** The reference: `git http-backend` behind nginx and fcgiwrap, which is what one would set up by hand. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A running reference server. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly repositories: string;
  readonly pids: readonly number[];
}

const workers = 8;

/** Starts it on a loopback port, with everything it writes below `folder`. */
export async function startPeer(folder: string, port: number): Promise<Peer> {
  const missing = ["/usr/sbin/nginx", "/usr/sbin/fcgiwrap"].filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new Error(`the reference needs ${missing.join(" and ")}: apt-get install nginx-light fcgiwrap`);
  const repositories = join(folder, "repositories");
  mkdirSync(repositories, { recursive: true });
  const socket = join(folder, "fcgi.sock");
  writeFileSync(join(folder, "nginx.conf"), nginxConfig({ folder, port, socket, repositories }));
  // Each leads a group of its own: fcgiwrap does not end its workers with itself.
  const options = { stdio: "ignore", detached: true } as const;
  const fcgi = spawn("/usr/sbin/fcgiwrap", ["-f", "-c", String(workers), "-s", `unix:${socket}`], options);
  const nginx = spawn("/usr/sbin/nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], options);
  const url = `http://127.0.0.1:${port}`;
  await untilServing(url);
  return {
    url,
    repositories,
    pids: [fcgi.pid!, nginx.pid!],
    async [Symbol.asyncDispose]() {
      await Promise.all([stop(nginx), stop(fcgi)]);
    },
  };
}

function nginxConfig(at: {
  readonly folder: string;
  readonly port: number;
  readonly socket: string;
  readonly repositories: string;
}): string {
  return `daemon off; user root; worker_processes 2; pid ${at.folder}/nginx.pid; error_log ${at.folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_max_body_size 0; keepalive_requests 1000000; client_body_temp_path ${at.folder}/body;
  fastcgi_temp_path ${at.folder}/fastcgi; proxy_temp_path ${at.folder}/proxy; uwsgi_temp_path ${at.folder}/uwsgi; scgi_temp_path ${at.folder}/scgi;
  server {
    listen 127.0.0.1:${at.port};
    location / {
      fastcgi_pass unix:${at.socket}; fastcgi_buffering off; fastcgi_request_buffering off; fastcgi_read_timeout 600;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_PROJECT_ROOT ${at.repositories}; fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $uri; fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_USER bench; fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding; fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol;
    }
  }
}
`;
}

async function untilServing(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await fetch(url);
      return;
    } catch {
      await delay(50);
    }
  }
  throw new Error("the reference server does not answer");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid!, "SIGTERM");
  await ended;
}
