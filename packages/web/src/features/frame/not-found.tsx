import { Link } from "@tanstack/react-router";
import { texts } from "../../texts.ts";

export function NotFound() {
  return (
    <div className="grid flex-1 content-start justify-items-center gap-3 px-6 py-16 text-center">
      <h1 className="font-semibold text-l">{texts.notFound.title}</h1>
      <Link to="/" className="text-accent underline">
        {texts.notFound.toSessions}
      </Link>
    </div>
  );
}
