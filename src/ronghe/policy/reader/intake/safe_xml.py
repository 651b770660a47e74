"""XML from strangers: no DTD, no entities, no network, and never more nodes than memory can hold."""

from lxml import etree

from ronghe.policy.reader.errors import FileBomb, FileDamaged
from ronghe.policy.reader.intake.limits import MB, XML_ATTRIBUTES, XML_PART_BYTES, XML_TAGS

_DOCTYPE = ("<!DOCTYPE".encode("ascii"), "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


def parse_xml(data: bytes, *, what: str, part: str) -> etree._Element:
    """The root of an XML part.

    Raises: FileBomb for a document type declaration (OPC forbids it: ECMA-376 Part 2 §8.1.4, and entities are how
    small files grow large), for too many bytes, nodes or levels; FileDamaged when it is not well-formed.
    """
    if len(data) > XML_PART_BYTES:
        raise FileBomb(what=what, reason=f"{part} 超过 {XML_PART_BYTES // MB} MB")
    if any(mark in data for mark in _DOCTYPE):
        raise FileBomb(what=what, reason=f"{part} 含有不允许的文档类型声明")
    # Counted on the bytes, before any node is made: an upper bound in every encoding that XML knows.
    if data.count(b"<") > XML_TAGS or data.count(b"=") > XML_ATTRIBUTES:
        raise FileBomb(what=what, reason=f"{part} 的标记超过 {XML_TAGS} 个")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # libxml2 stops at 256 levels and at texts of 10 MB; nothing Word writes comes near.
        if "huge" in str(error).lower() or "depth" in str(error).lower():
            raise FileBomb(what=what, reason=f"{part} 的层次或文字过多") from error
        raise FileDamaged(what=what, reason=f"{part} 不是完整的 XML") from error
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise FileDamaged(what=what, reason=f"{part} 的编码无法识别") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise FileBomb(what=what, reason=f"{part} 含有不允许的文档类型声明")
    return root
