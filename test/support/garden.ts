/** The schema of query-language.md §14, for tests of the language and of the engine. */
export const GARDEN_SCHEMA = `
node Plant {
  code: String @key
  common: String @index
  height: I32?
  price: F64?
  hardy: Bool?
  sown: Date?
  watered: DateTime?
  stage: enum(seed, sprout, mature)
  tags: [String]?
  vec: Vector(2)?
  photo: Blob?
}
node Bed  { bid: String @key  area: I32? }
node Memo { text: String }
edge GrowsIn: Plant -> Bed   { since: Date?  slot: I32? }
edge Shades:  Plant -> Plant { weight: F64? }
`;
