// Made from jobs.msg by Holdfast's compiler. Change that file, not this one.
import { Schema } from "holdfast";
import { Options, type OptionsInput, Path } from "./common.msg.ts";

export interface Job {
  path: Path;
  options: Options;
}

/** What a sender gives for {@link Job}: what has a default may be left out. */
export interface JobInput extends Omit<Job, "options"> {
  options: OptionsInput;
}

/** The TypeBox schema of {@link JobInput}. */
export const Job: Schema.Of<JobInput> = Schema.Fields({ path: Path, options: Options });
