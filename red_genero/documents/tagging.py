"""What PDF/UA asks for beyond WeasyPrint's tags, put into the file before it is written."""

import pydyf

UA_DECLARATION = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def complete(pdf: pydyf.PDF) -> None:
    """Turns running titles into artifacts, declares PDF/UA, describes links and says what table headers head."""
    _unlink_running_titles(pdf)
    _declare_accessibility(pdf)
    _scope_headers(pdf)


def object_number(reference: bytes) -> int:
    """Returns the object number of a reference such as ``b"12 0 R"``."""
    return int(reference.split(b" ", 1)[0])


def _declare_accessibility(pdf: pydyf.PDF) -> None:
    """Adds the PDF/UA identifier, with the schema that PDF/A asks for, and a description to every link."""
    stream = pdf.objects[object_number(pdf.catalog["Metadata"])].stream
    head, mark, tail = stream[0].rpartition(b"</rdf:RDF>")
    stream[0] = head + UA_DECLARATION + mark + tail
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/Link" and "A" in item:
            item["Contents"] = item["A"]["URI"]


def _scope_headers(pdf: pydyf.PDF) -> None:
    """Says of every header cell whether it heads its column or its row, and lists their names: PDF/UA asks for both.

    WeasyPrint names the cells and links them, no more.
    """
    names: list[tuple[str, bytes]] = []
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/TH":
            row = pdf.objects[object_number(item["P"])]
            kinds = {pdf.objects[object_number(cell)]["S"] for cell in row["K"]}
            item["A"]["Scope"] = "/Column" if kinds == {"/TH"} else "/Row"
            names.append((item["ID"].string, item.reference))
    if names:
        pairs = [part for name, cell in sorted(names) for part in (pydyf.String(name), cell)]
        root = pdf.objects[object_number(pdf.catalog["StructTreeRoot"])]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(pairs)})


def _unlink_running_titles(pdf: pydyf.PDF) -> None:
    """Marks what stands in page margins as artifact: it repeats on every page and belongs to no reading order.

    WeasyPrint gives that text a structure element without hanging it in the tree, which PDF/UA forbids.
    """
    reached = _reachable(pdf, object_number(pdf.catalog["StructTreeRoot"]))
    root = pdf.objects[object_number(pdf.catalog["StructTreeRoot"])]
    parents = pdf.objects[object_number(root["ParentTree"])]["Nums"][1::2]
    for kid, elements in zip(pdf.pages["Kids"][::3], parents, strict=False):
        orphans = {
            mcid for mcid, element in enumerate(elements) if object_number(element) not in reached
        }
        if not orphans:
            continue
        content = pdf.objects[object_number(pdf.objects[kid]["Contents"])].stream
        for place, operand in enumerate(content):
            if isinstance(operand, dict) and operand.get("MCID") in orphans:
                content[place - 1] = "/Artifact"
                content[place] = type(operand)({"Type": "/Pagination"})
        for mcid in orphans:
            elements[mcid] = b"null"


def _reachable(pdf: pydyf.PDF, root: int) -> set[int]:
    """Returns the numbers of the structure elements that hang in the tree."""
    reached: set[int] = set()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        reached.add(number)
        kids = pdf.objects[number].get("K", ())
        waiting.extend(object_number(kid) for kid in kids if isinstance(kid, bytes))
    return reached
