//! Variable-length integers and length-prefixed texts.

use super::PageError;

/// Appends seven bits a byte, low bits first.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u128) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed number so that numbers close to zero stay short.
pub(super) fn put_signed(out: &mut Vec<u8>, value: i128) {
    put_varint(out, ((value << 1) ^ (value >> 127)).cast_unsigned());
}

/// Appends a length and the bytes.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u128);
    out.extend_from_slice(text.as_bytes());
}

/// Reads the output of the functions above.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], PageError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(PageError::Malformed("ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], PageError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(PageError::Malformed("ends early"))?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, PageError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn varint(&mut self) -> Result<u128, PageError> {
        let mut value = 0_u128;
        for shift in (0..126).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(PageError::Malformed("number too long"))
    }

    pub(super) fn signed(&mut self) -> Result<i128, PageError> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A number that counts something in memory.
    pub(super) fn len(&mut self) -> Result<usize, PageError> {
        usize::try_from(self.varint()?).map_err(|_| PageError::Malformed("length too large"))
    }

    pub(super) fn text(&mut self) -> Result<&'a str, PageError> {
        let len = self.len()?;
        std::str::from_utf8(self.take(len)?).map_err(|_| PageError::Malformed("text is not UTF-8"))
    }

    pub(super) fn finish(&self) -> Result<(), PageError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(PageError::Malformed("column is too long"))
        }
    }
}
