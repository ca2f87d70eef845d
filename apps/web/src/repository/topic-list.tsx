import type { ReactElement } from "react";

/** What a repository is about; nothing where it does not say. */
export function TopicList({ topics }: { readonly topics: readonly string[] }): ReactElement | null {
  if (topics.length === 0) return null;
  return (
    <ul className="topics" aria-label="Topics">
      {topics.map((topic) => (
        <li key={topic} className="topic">
          {topic}
        </li>
      ))}
    </ul>
  );
}
