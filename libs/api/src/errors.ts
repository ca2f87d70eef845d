import { Type, type Static } from "typebox";

/** What is wrong with one field of a request, in GitHub's words. */
export const FieldError = Type.Object({
  resource: Type.Optional(Type.String()),
  field: Type.Optional(Type.String()),
  code: Type.String(),
  message: Type.Optional(Type.String()),
});
export type FieldError = Static<typeof FieldError>;

/** The body of every answer with a status of 400 or more. `code` is stable, `message` is for people. */
export const ErrorBody = Type.Object(
  {
    message: Type.String(),
    code: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(FieldError)),
    documentation_url: Type.String(),
    request_id: Type.Optional(Type.String()),
  },
  { title: "Error" },
);
export type ErrorBody = Static<typeof ErrorBody>;
