/** The remainder of every byte, so that a frame costs one look-up a byte. 0xA001 is 0x8005 mirrored. */
const remainders = Uint16Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xa001 : remainder >>> 1;
  return remainder;
});

/**
 * CRC-16/ARC (polynomial 0x8005, reflected, starting at 0), as ANSI/SIA DC-09 has it over everything from the first
 * quote up to before CR.
 */
export function toCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (remainders[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}
