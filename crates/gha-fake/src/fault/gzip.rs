use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::content::Content;

pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    // Reading from memory cannot fail.
    let _ = GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut compressed);
    compressed
}

/// How many zeros one piece of the bomb inflates to.
const PIECE: u64 = 1024 * 1024;

/// A gzip file ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)) of `size` zeros, in memory that
/// does not grow with it: one deflated piece, flushed to a byte boundary, again and again.
pub(super) fn zeros(size: u64) -> Content {
    let piece = Content::bytes(deflate(PIECE, FlushCompress::Full));
    let rest = Content::bytes(deflate(size % PIECE, FlushCompress::Finish));

    let (mut crc, mut zeros) = (Crc::new(), Crc::new());
    zeros.update(&vec![0; PIECE as usize]);
    (0..size / PIECE).for_each(|_| crc.combine(&zeros));
    crc.update(&vec![0; (size % PIECE) as usize]);

    let header = Content::bytes(&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255][..]);
    let mut trailer = crc.sum().to_le_bytes().to_vec();
    trailer.extend_from_slice(&(size as u32).to_le_bytes());

    let pieces = (0..size / PIECE).map(|_| piece.clone());
    let all = std::iter::once(header).chain(pieces);
    Content::concat(all.chain([rest, Content::bytes(trailer)]))
}

fn deflate(zeros: u64, flush: FlushCompress) -> Bytes {
    let mut deflater = Compress::new(Compression::best(), false);
    let mut out = Vec::with_capacity(16 * 1024);
    // In memory and with room to spare, deflating cannot fail.
    let _ = deflater.compress_vec(&vec![0; zeros as usize], &mut out, flush);
    out.into()
}
