//! The leaves of a chunk as bytes: about two bytes a leaf.
//!
//! The header has the number of leaves, the second of the first one, the users of the fullest one, and the parameters
//! of the codes. Each leaf follows with three numbers: the distance to the second of the previous leaf, its begin
//! within the second, and the difference of its users from the fullest leaf. [`decode`] reads the unpacked format,
//! which takes up to six bytes a leaf.

use super::bits::{BitReader, BitWriter, MAX_RICE, best_rice};
use super::list_directory::{Bound, Leaf};
use super::varint::{read_varint, unzigzag, write_varint, zigzag};

/// Most leaves that are read from one chunk.
const MAX_LEAVES: u64 = 65_536;

/// Leaves in ascending order as bytes.
pub(super) fn pack(leaves: &[Leaf]) -> Vec<u8> {
    let first = leaves.first().map_or(0, |leaf| leaf.from.second);
    let most = leaves.iter().map(|leaf| leaf.users).max().unwrap_or_default();
    let mut before = first;
    let mut distance = |second: i64| second.wrapping_sub(std::mem::replace(&mut before, second));
    let seconds: Vec<u64> = leaves
        .iter()
        .map(|leaf| distance(leaf.from.second).cast_unsigned())
        .collect();
    let missing: Vec<u64> = leaves.iter().map(|leaf| u64::from(most - leaf.users)).collect();
    let (of_seconds, of_missing) = (best_rice(&seconds), best_rice(&missing));
    let mut head = Vec::with_capacity(leaves.len() * 3);
    write_varint(&mut head, leaves.len() as u64);
    write_varint(&mut head, zigzag(first));
    write_varint(&mut head, most.into());
    head.extend([of_seconds, of_missing]);
    let mut bits = BitWriter::after(head);
    for (leaf, (second, missing)) in leaves.iter().zip(seconds.into_iter().zip(missing)) {
        bits.rice(second, of_seconds);
        write_uuid(&mut bits, leaf.from.uuid);
        bits.rice(missing, of_missing);
    }
    bits.into_bytes()
}

/// The inverse of [`pack`]; `None` for invalid bytes.
pub(super) fn unpack(mut bytes: &[u8]) -> Option<Vec<Leaf>> {
    let count = read_varint(&mut bytes).filter(|count| *count <= MAX_LEAVES)?;
    let mut second = unzigzag(read_varint(&mut bytes)?);
    let most = u32::try_from(read_varint(&mut bytes)?).ok()?;
    let ([of_seconds, of_missing], rest) = bytes.split_first_chunk()?;
    if [of_seconds, of_missing].into_iter().any(|k| *k > MAX_RICE) {
        return None;
    }
    let mut bits = BitReader::new(rest);
    let mut leaves: Vec<Leaf> = Vec::new();
    for _ in 0..count {
        second = second.wrapping_add(bits.rice(*of_seconds)?.cast_signed());
        let uuid = read_uuid(&mut bits)?;
        let missing = u32::try_from(bits.rice(*of_missing)?).ok()?;
        leaves.push(Leaf {
            from: Bound { second, uuid },
            users: most.checked_sub(missing)?,
        });
    }
    (bits.is_at_end() && is_ascending(&leaves)).then_some(leaves)
}

/// A zero for the beginning of the second. Otherwise a one, the number of bits up to the last one that is set, and
/// these bits without the last.
fn write_uuid(bits: &mut BitWriter, uuid: u16) {
    bits.bit(uuid != 0);
    if uuid != 0 {
        let zeros = u8::try_from(uuid.trailing_zeros()).expect("a number of 16 bits");
        let others = 15 - zeros;
        bits.bits(others.into(), 4);
        bits.bits(u64::from(uuid) >> zeros >> 1, others);
    }
}

fn read_uuid(bits: &mut BitReader<'_>) -> Option<u16> {
    if !bits.bit()? {
        return Some(0);
    }
    let others = u8::try_from(bits.bits(4)?).ok()?;
    let uuid = bits.bits(others)? << 1 | 1;
    u16::try_from(uuid << (15 - others)).ok()
}

/// Reads the unpacked format. Each leaf has the distance to the second of the previous one, whether it begins within
/// the second, and the count, as variable-length integers. `None` for invalid bytes.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<Leaf>> {
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut before = 0_i64;
    while !bytes.is_empty() {
        let second = before.wrapping_add(unzigzag(read_varint(&mut bytes)?));
        let count = read_varint(&mut bytes)?;
        let mut uuid = 0;
        if count & 1 == 1 {
            let (first, rest) = bytes.split_first_chunk()?;
            uuid = u16::from_be_bytes(*first);
            bytes = rest;
        }
        leaves.push(Leaf {
            from: Bound { second, uuid },
            users: u32::try_from(count >> 1).ok()?,
        });
        before = second;
    }
    is_ascending(&leaves).then_some(leaves)
}

fn is_ascending(leaves: &[Leaf]) -> bool {
    leaves.is_sorted_by(|one, other| one.from < other.from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaf(second: i64, uuid: u16, users: u32) -> Leaf {
        Leaf {
            from: Bound { second, uuid },
            users,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn packed_leaves_are_read_back(
            leaves in proptest::collection::btree_map((0_i64..4_000_000_000, any::<u16>()), any::<u32>(), 0..60),
            shift in 0_u32..32,
        ) {
            let leaf = |((second, uuid), users)| leaf(second, uuid, users >> shift);
            let leaves: Vec<Leaf> = leaves.into_iter().map(leaf).collect();
            prop_assert_eq!(unpack(&pack(&leaves)), Some(leaves));
        }

        #[test]
        fn any_bytes_are_leaves_in_order_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            for leaves in [unpack(&bytes), decode(&bytes)].into_iter().flatten() {
                prop_assert!(is_ascending(&leaves));
            }
        }
    }

    /// Stored bytes. They must stay readable after a change of the format.
    #[test]
    fn stored_leaves_are_read() {
        let leaves = [
            leaf(1_700_000_000, 0, 215),
            leaf(1_700_000_000, 0x3700, 215),
            leaf(1_700_000_001, 0x8000, 214),
            leaf(1_700_002_035, 0, 3),
        ];
        let packed = [
            0x04, 0x80, 0xc4, 0x9f, 0xd5, 0x0c, 0xd7, 0x01, 0x08, 0x05, 0x00, 0x00, 0x00, 0x5c, 0xd8, 0x00, 0x18, 0x03,
            0xfd, 0xe4, 0xfd, 0x40,
        ];
        assert_eq!(pack(&leaves), packed);
        assert_eq!(unpack(&packed).as_deref(), Some(&leaves[..]));
        let earlier = [
            0x80, 0xc4, 0x9f, 0xd5, 0x0c, 0xae, 0x03, 0x00, 0xaf, 0x03, 0x37, 0x00, 0x02, 0xad, 0x03, 0x80, 0x00, 0xe4,
            0x1f, 0x06,
        ];
        assert_eq!(decode(&earlier).as_deref(), Some(&leaves[..]));
    }

    #[test]
    fn damaged_leaves_are_not_read() {
        let bytes = pack(&[leaf(1_700_000_000, 7, 200), leaf(1_700_000_400, 7, 200)]);
        assert!(unpack(&bytes).is_some());
        assert!(unpack(&bytes[..bytes.len() - 1]).is_none(), "cut");
        assert!(unpack(&[bytes, vec![0]].concat()).is_none(), "longer");
        assert!(unpack(&pack(&[leaf(5, 0, 1), leaf(4, 0, 1)])).is_none(), "descending");
        assert!(unpack(&[0xff; 12]).is_none());
        let earlier = [0x80, 0xc4, 0x9f, 0xd5, 0x0c, 0xae, 0x03, 0x02, 0xae, 0x03];
        assert!(decode(&earlier).is_some());
        assert!(decode(&earlier[..9]).is_none(), "cut");
        assert!(decode(&[0x0a, 0x02, 0x01, 0x02]).is_none(), "descending");
        assert!(decode(&[0x80; 12]).is_none());
    }
}
