"""From bytes to UTF-8: what a mark or the bytes themselves prove, else the likeliest encoding, said to be a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

#: what is looked at where the bytes prove nothing
SAMPLE_BYTES = 1 << 18
#: at most this share of broken sequences, and a file is still UTF-8
BROKEN_SHARE = 0.02
_PIECE = 1 << 22

_MARKS = (
    (b'\xef\xbb\xbf', 'utf-8-sig'),
    (b'\xff\xfe\x00\x00', 'utf-32-le'),
    (b'\x00\x00\xfe\xff', 'utf-32-be'),
    (b'\xff\xfe', 'utf-16-le'),
    (b'\xfe\xff', 'utf-16-be'),
)
#: single-byte code pages that tables come in, with the letters that words of their languages are made of
_PAGES: dict[str, str] = {
    'cp1252': 'àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÍÎÑÓÔÖØÚÛÜŒŠŽ€£°²³µ·–—‘’“”…«»§©®±½¼¾ªº¡¿´',
    'cp1250': 'áäąâćčçďđéëěęíîłľĺńňóôöőŕřśšşťţúůüűýźžżÁĄÂĆČĎÉĚĘÍŁŃŇÓÖŐŘŚŠŞŤÚŮÜŰÝŹŽŻ€°–—„”“…§ß',
    'cp1251': 'абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁіІїЇєЄ№–—«»“”°',
    'cp1253': 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ€–°«»',
    'cp1254': 'çğıİöşüÇĞÖŞÜâîû€°–“”',
    'cp1255': 'אבגדהוזחטיךכלםמןנסעףפץצקרשת₪–',
    'cp874': ''.join(chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))),
    'cp1256': 'ابتثجحخدذرزسشصضطظعغفقكلمنهويىئءةآأإؤ،؛؟',
    'koi8-r': 'абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ',
    'cp866': 'абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ№',
    'cp850': 'àáâäåæçèéêëìíîïñòóôöøùúûüßÄÅÆÇÉÑÖØÜ°',
    'mac_roman': 'àáâãäåæçèéêëìíîïñòóôõöøùúûüßÀÁÂÄÅÆÇÉÑÖØÜ°–—‘’“”…€',
}
_WIDE = ('gb18030', 'shift_jis', 'euc_jp', 'big5', 'euc_kr')
_CONTROLS = re.compile(
    rb'\xc2[\x80\x82-\x89\x8b\x91-\x99\x9b]|(?<=[a-zA-Z])\xc2[\x8a\x8c\x8e\x9a\x9c\x9e\x9f]'
)
#: letters that never stand in a word beside Latin ones: Greek, Cyrillic, Hebrew, Arabic
_OTHER_SCRIPTS = '\u0370-\u03ff\u0400-\u04ff\u0590-\u05ff\u0600-\u06ff'
_CYRILLIC = ('cp1251', 'koi8-r', 'cp866')
_VOWELS = frozenset('аеёиоуыэюяіїє')
#: a score below this is not a language that a page of ours writes
_PLAUSIBLE = 0.6


@dataclass(frozen=True)
class Encoding:
    """A codec's name, and whether nothing proves it."""

    name: str
    is_guess: bool = False
    because: str = ''


def find_encoding(data: bytes) -> Encoding:
    """The encoding of a file whose first bytes, or all, these are."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, because='the file starts with its byte order mark')
    head = data[:SAMPLE_BYTES]
    wide = _unmarked_wide(head)
    if wide:
        return Encoding(wide, is_guess=True, because='every second byte of its plain letters is zero')
    if _is_utf8(data):
        return Encoding('utf-8', because='every byte sequence is valid UTF-8')
    if _broken_share(data) <= BROKEN_SHARE:
        return Encoding('utf-8', is_guess=True, because='nearly every byte sequence is valid UTF-8')
    return _likeliest(data)


def to_utf8(data: bytes, encoding: Encoding) -> bytes:
    """The text as UTF-8, without a mark, each line ended by a newline alone."""
    if encoding.name in ('utf-8', 'utf-8-sig') and not encoding.is_guess:
        text = data[3:] if data.startswith(b'\xef\xbb\xbf') else data
    else:
        text = data.decode(encoding.name, errors='replace').lstrip('\ufeff').encode()
    if b'\xc2' in text and _CONTROLS.search(text):
        # letters of Windows that went through Latin-1 once: no text means these controls
        text = _CONTROLS.sub(lambda found: found[0][1:].decode('cp1252').encode(), text)
    if b'\r' not in text:
        return text
    text = text.replace(b'\r\r\n', b'\n').replace(b'\r\n', b'\n')
    if b'\r' not in text:
        return text
    # files of the old Macintosh end their lines with \r; a stray one elsewhere is a blank
    return text.replace(b'\r', b'\n' if text.count(b'\r') > text.count(b'\n') else b' ')


def _unmarked_wide(head: bytes) -> str:
    pairs = len(head) // 2
    if pairs < 2 or b'\x00' not in head:
        return ''
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.3 * pairs and even < 0.05 * pairs:
        return 'utf-16-le'
    if even > 0.3 * pairs and odd < 0.05 * pairs:
        return 'utf-16-be'
    return ''


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder('utf-8')()
    try:
        for place in range(0, len(data), _PIECE):
            decoder.decode(data[place : place + _PIECE])
        decoder.decode(b'', final=True)
    except UnicodeDecodeError:
        return False
    return True


def _broken_share(data: bytes) -> float:
    """Of the sequences beyond ASCII, how many are no UTF-8."""
    text = data[: 1 << 24].decode('utf-8', errors='replace')
    beyond = sum(1 for letter in text if letter > '\x7f')
    return text.count('\ufffd') / beyond if beyond else 0.0


def _likeliest(data: bytes) -> Encoding:
    sample = _lines_beyond_ascii(data)
    scores = {page: _page_score(sample, page, letters) for page, letters in _PAGES.items()}
    best = max(scores, key=lambda page: scores[page])
    wide = _wide_of(sample)
    if wide:
        return Encoding(wide, is_guess=True, because='its bytes pair into characters of that language')
    if scores[best] >= _PLAUSIBLE:
        return Encoding(
            best, is_guess=True, because='its letters beyond ASCII make words under this code page'
        )
    found = from_bytes(sample).best()
    return Encoding(
        found.encoding if found else 'cp1252', is_guess=True, because='charset-normalizer takes it for that'
    )


def _lines_beyond_ascii(data: bytes) -> bytes:
    """The lines that can tell encodings apart."""
    lines = re.findall(rb'[^\n\r]*[\x80-\xff][^\n\r]*', data[: 1 << 24])
    return b'\n'.join(lines)[:SAMPLE_BYTES]


def _page_score(sample: bytes, page: str, letters: str) -> float:
    """Share of the bytes beyond ASCII that are the page's letters, in words that mix no scripts or cases."""
    text = sample.decode(page, errors='replace')
    beyond = [letter for letter in text if letter > '\x7f']
    known = sum(1 for letter in beyond if letter in letters or letter == '\u00a0')
    # a letter between digits is no letter of a word, nor is a mark between letters
    known -= len(re.findall(r'(?<=[^\W\d_])[“”„†‡‰…ˆ˜ŽŠŒ](?=[a-zß-ÿ])', text))
    known -= len(re.findall(r'(?<=[0-9])[а-яА-Яα-ωà-ÿÀ-ß](?=[0-9])', text))
    odd = len(re.findall(r'[a-zß-ÿа-яё][A-ZÀ-ÖØ-ÞА-ЯЁ]', text)) + 3 * len(
        re.findall(rf'[A-Za-z][{_OTHER_SCRIPTS}]|[{_OTHER_SCRIPTS}][A-Za-z]', text)
    )
    # bytes that the page does not have
    odd += 3 * text.count('\ufffd')
    long_words = re.findall(r'[^\W\d_]{3,}', text)
    packed = sum(1 for word in long_words if sum(letter > '\x7f' for letter in word) > 0.7 * len(word))
    foreign = packed / max(1, len(long_words))
    # every word of Russian has a vowel, and what has none is another alphabet, misread
    if page in _CYRILLIC and long_words:
        silent = sum(1 for word in long_words if word[-1] > '\x7f' and not _VOWELS & set(word.lower()))
        foreign = max(foreign - 1.0, 0.0) + silent / len(long_words)
        odd += len(re.findall(r'№(?=\w)|(?<=\w)[№·]', text))
    # a currency that only this page writes
    known += len(re.findall(r'[0-9][ \u00a0]?(?:Kč|zł|₪|฿)(?!\w)|฿[0-9]', text)) // 2
    # words made of nothing but accented Latin letters are another alphabet, misread
    latin = page in ('cp1252', 'cp1250', 'cp1254', 'cp850', 'mac_roman')
    return (
        known / max(1, len(beyond))
        - odd / max(1, len(beyond))
        - (foreign if latin or page in _CYRILLIC else 0.0)
    )


def _wide_of(sample: bytes) -> str:
    """A code of two bytes, if all of the sample is valid in it and makes common characters."""
    best, most = '', 0.75
    for name in _WIDE:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            try:
                text = sample[: sample.rfind(b'\n') + 1].decode(name)
            except UnicodeDecodeError:
                continue
        beyond = [letter for letter in text if letter > '\x7f']
        if not beyond:
            continue
        pairs = re.findall(r'[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{2,}', text)
        share = sum(len(pair) for pair in pairs) / len(beyond)
        kana = len(re.findall(r'[\u3040-\u30ff\uac00-\ud7a3]', text)) / len(beyond)
        score = share * (1 + 0.2 * kana)
        if score > most:
            best, most = name, score
    return best
