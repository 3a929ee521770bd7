import { z } from 'zod';

export type PackageKind = 'zip' | 'iso';

/** What somebody wants to take along. Exams are named by their Study Instance UIDs. */
export const packageWish = z.object({
  studyInstanceUids: z.array(z.string().min(1).max(64)).min(1).max(500),
  kind: z.enum(['zip', 'iso']),
  /** Whether the viewer goes into the package. */
  viewer: z.boolean().default(false),
});
export type PackageWish = z.infer<typeof packageWish>;

/** A package as whoever asked for it follows its making. */
export interface PackageProgress {
  packageId: string;
  kind: PackageKind;
  state: 'planning' | 'ready' | 'failed';
  /** Images and documents that go in, and how many of them have been laid out. */
  instances: number;
  planned: number;
  /** Bytes of the whole; null before the plan is ready. */
  size: number | null;
  /** Bytes of the largest file: from 4 GiB on Windows does not read it from a disk image. */
  largest: number;
}

/** What can be chosen beside exams and kind. */
export interface PackageChoices {
  /** Whether there is a viewer to include. */
  viewer: boolean;
}
