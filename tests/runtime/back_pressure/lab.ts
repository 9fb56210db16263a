/**
 * What the processes of these tests say to each other.
 *
 * @module
 */

/** The service. */
export const LAB = `
  Begin <>
  Chunk < bytes: bytes >
  Ask < id: int >
  Answer < id: int >
  service Lab/Pressure { auth all  receives Begin, Chunk  receives Ask -> Answer  sends Chunk }
`;
