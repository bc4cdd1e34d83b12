//! Sequences of bits, and numbers in them: a small number takes few bits.
//!
//! A Rice code of a number is the quotient by 2^k in unary (ones and a zero), then the k bits of the remainder. It is
//! short if k fits the numbers, so the writer of several numbers chooses one k for all of them.

/// Number of ones that mark a number without a quotient: its 64 bits follow.
const ESCAPE: u64 = 24;

/// Largest k.
pub(super) const MAX_RICE: u8 = 40;

/// Writes bits, the first one as the highest of a byte.
#[derive(Clone, Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Unused bits of the last byte.
    free: u8,
}

impl BitWriter {
    /// Appends whole bytes first.
    pub(super) const fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, free: 0 }
    }

    pub(super) fn bit(&mut self, bit: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.free;
        }
    }

    /// The lowest bits of a number.
    pub(super) fn bits(&mut self, value: u64, count: u8) {
        for at in (0..count).rev() {
            self.bit(value >> at & 1 == 1);
        }
    }

    pub(super) fn rice(&mut self, value: u64, k: u8) {
        let ones = (value >> k).min(ESCAPE);
        for _ in 0..ones {
            self.bit(true);
        }
        if ones == ESCAPE {
            self.bits(value, 64);
        } else {
            self.bit(false);
            self.bits(value, k);
        }
    }

    /// The bytes. The last one is padded with zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads what [`BitWriter`] wrote.
#[derive(Clone, Debug)]
pub(super) struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> BitReader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// `None` at the end, like the other readers.
    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1 == 1;
        self.at += 1;
        Some(bit)
    }

    pub(super) fn bits(&mut self, count: u8) -> Option<u64> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 1 | u64::from(self.bit()?);
        }
        Some(value)
    }

    pub(super) fn rice(&mut self, k: u8) -> Option<u64> {
        let mut ones = 0;
        while ones < ESCAPE && self.bit()? {
            ones += 1;
        }
        if ones == ESCAPE {
            return self.bits(64);
        }
        Some(ones << k | self.bits(k)?)
    }

    /// Whether only the padding of the last byte is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        let left = self.bytes.len() * 8 - self.at;
        left < 8 && (0..left).all(|_| self.bit() == Some(false))
    }
}

/// The k with the shortest Rice codes of all numbers.
pub(super) fn best_rice(values: &[u64]) -> u8 {
    let length = |value: u64, k: u8| match value >> k {
        ones if ones >= ESCAPE => ESCAPE + 64,
        ones => ones + 1 + u64::from(k),
    };
    let cost = |k: &u8| values.iter().map(|value| length(*value, *k)).sum::<u64>();
    (0..=MAX_RICE).min_by_key(cost).expect("the range contains 0")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn numbers_are_read_back(
            values in proptest::collection::vec((any::<u64>(), 0_u8..64), 0..50), k in 0..=MAX_RICE
        ) {
            let values: Vec<u64> = values.into_iter().map(|(value, shift)| value >> shift).collect();
            let mut writer = BitWriter::default();
            for value in &values {
                writer.bit(true);
                writer.rice(*value, k);
            }
            let bytes = writer.into_bytes();
            let mut reader = BitReader::new(&bytes);
            for value in &values {
                prop_assert_eq!(reader.bit(), Some(true));
                prop_assert_eq!(reader.rice(k), Some(*value));
            }
            prop_assert!(reader.is_at_end());
        }
    }

    #[test]
    fn the_chosen_code_is_the_shortest() {
        let bits = |values: &[u64], k| {
            let mut writer = BitWriter::default();
            for value in values {
                writer.rice(*value, k);
            }
            writer.into_bytes().len()
        };
        for values in [vec![0; 100], vec![1_000; 100], vec![3, 90, 5, 70_000], vec![]] {
            let shortest = (0..=MAX_RICE).map(|k| bits(&values, k)).min();
            assert_eq!(Some(bits(&values, best_rice(&values))), shortest, "{values:?}");
        }
    }
}
