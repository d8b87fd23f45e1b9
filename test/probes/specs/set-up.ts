export default function setUp(): void {
  // That it is there is enough.
}
