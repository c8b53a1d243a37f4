"""Tables as systems write them that are in no open data here: made up, with the headers of each."""

from pathlib import Path

import pytest

from modules.catalog.destination import PRODUCTS
from modules.catalog.tests.test_things import shown, things
from orion.contracts.tabular import Mapping, understand

pytestmark = pytest.mark.only_on("sqlite")
#: Format → table, and the variants of each product.
TABLES = {
    "Squarespace": (
        (
            "Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product "
            "Page,Product URL,Title,Description,SKU,Option Name 1,Option Value 1,Option Name 2,Option"
            " Value 2,Price,Sale Price,On Sale,Stock,Categories,Tags,Weight,Length,Width,Height,Visib"
            "le,Hosted Image URLs\n"
            "p1,v1,PHYSICAL,shop,bowl,Bowl,<p>Nice</p>,B-1,Size,S,Colour,Red,20.00,15.00,Yes,3,/kitch"
            "en,,0.0,,,,Yes,https://x.example/1.jpg https://x.example/2.jpg\n"
            ",v2,,,,,,B-2,,M,,Red,22.00,0.00,No,4,,,,,,,,\n"
            "p2,v3,PHYSICAL,shop,cup,Cup,,C-1,,,,,9.00,0.00,No,Unlimited,,,,,,,No,\n"
        ),
        {"Bowl": ["S / Red", "M / Red"], "Cup": [""]},
    ),
    "Shopware 6": (
        (
            "id;parent_id;product_number;active;stock;name;description;price_net;price_gross;tax_rate"
            ";cover_media_url;manufacturer_name;options\n"
            "a1;;SW1;1;0;Hose;<p>x</p>;84.033613;100.00;19;https://x.example/1.jpg;Weber;\n"
            "a2;a1;SW1.1;1;5;;;;;;;;Farbe:rot|Größe:M\n"
            "a3;a1;SW1.2;1;6;;;;110.5;;;;Farbe:blau|Größe:M\n"
            "b1;;SW2;0;7;Hut;;;20;19;;;\n"
        ),
        {"Hose": ["rot / M", "blau / M"], "Hut": [""]},
    ),
    "BigCommerce (V3)": (
        (
            "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Low Stock,Price,Cost Pric"
            "e,Retail Price,Sale Price,Brand ID,Categories,Description,UPC/EAN,Weight,Is Visible,Vari"
            "ant Image URL,Image URL (Import)\n"
            "Product,80,Bowl,physical,B,,variant,0,0,20,0,0,0,,,desc,,1,TRUE,,\n"
            "Variant,1,,,B-S,Type=Rectangle|Name=Size|Value=Small,,3,,21,,,,,,,,,,,\n"
            "Variant,2,,,B-L,Type=Rectangle|Name=Size|Value=Large,,4,,,,,,,,,,,,,\n"
            "Image,9,,,,,,,,,,,,,,,,,,,https://x.example/1.jpg\n"
            "Product,81,Cup,physical,C,,none,0,0,5,0,0,4,,,desc,,1,TRUE,,\n"
        ),
        {"Bowl": ["Small", "Large"], "Cup": [""]},
    ),
    "BigCommerce (V2)": (
        (
            "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Option Set,Pr"
            "oduct Description,Price,Cost Price,Retail Price,Sale Price,Product Weight,Product Visibl"
            "e?,Current Stock Level,Category,Product Image File - 1\n"
            "Product,10,Shirt,P,SH,Weave,Set,<b>x</b>,20,0,0,0,1,Y,0,Shop,\n"
            '  SKU,11,"[S]Color=Red,[S]Size=M",,SH-1,,,,,,,,,,5,,\n'
            '  SKU,12,"[S]Color=Blue,[S]Size=M",,SH-2,,,,,,,,,,6,,\n'
            "Product,13,Hat,P,HA,,,,8,,,,1,N,2,,\n"
        ),
        {"Shirt": ["Red / M", "Blue / M"], "Hat": [""]},
    ),
    "billiger.de": (
        (
            "aid;brand;mpnr;ean;name;desc;shop_cat;price;ppu;link;image;dlv_time;dlv_cost\n"
            "1;Acme;M1;4006381333931;Stift;Ein Stift;Büro;1,99;;https://x.example;https://x.example/1"
            ".jpg;1-3 Tage;3,90\n"
            "2;Acme;M2;;Heft;;Büro;12,50;;https://x.example;https://x.example/2.jpg;1-3 Tage;3,90\n"
        ),
        {"Stift": [""], "Heft": [""]},
    ),
    "Wix (handle)": (
        (
            "handle,fieldType,name,visible,plainDescription,media,price,strikethroughPrice,inventory,"
            "weight,sku,productOptionName[1],productOptionType[1],productOptionChoices[1],productOpti"
            "onName[2],productOptionChoices[2]\n"
            "ring,PRODUCT,Ring,TRUE,<p>x</p>,https://x.example/1.jpg,20,25,,,,Size,TEXT_CHOICES,S;M,,"
            "\n"
            "ring,VARIANT,,TRUE,,,20,,3,0.1,R-S,Size,,S,,\n"
            "ring,VARIANT,,TRUE,,,22,,4,0.1,R-M,Size,,M,,\n"
        ),
        {"Ring": ["S", "M"]},
    ),
    "Shopify (URL handle)": (
        (
            "Title,URL handle,Description,Vendor,Type,Tags,Published on online store,Status,SKU,Barco"
            "de,Option1 name,Option1 value,Price,Compare-at price,Inventory quantity,Weight value (gr"
            "ams),Product image URL,Image position\n"
            "Tee,tee,<p>x</p>,V,T,,TRUE,Active,T-S,,Size,S,10.00,12.00,3,200,https://x.example/1.jpg,"
            "1\n"
            ",tee,,,,,,,T-M,,,M,11.00,,4,200,,\n"
        ),
        {"Tee": ["S", "M"]},
    ),
    "Etsy": (
        (
            'TITEL,BESCHREIBUNG,PREIS,WÄHRUNGSCODE,MENGE,TAGS,MATERIALIEN,BILD1,BILD2,"VARIANTE 1 TYP'
            '","VARIANTE 1 NAME","VARIANTE 1 WERTE",ARTIKELNUMMER\n'
            "Kerze,Schön,12.50,EUR,3,a_b,,https://x.example/1.jpg,,,,,K-1\n"
        ),
        {"Kerze": [""]},
    ),
    "Amazon listings": (
        (
            "sku\tproduct-id\tproduct-id-type\tprice\titem-condition\tquantity\tadd-delete\n"
            "A-1\t4006381333931\t4\t9.99\t11\t3\ta\n"
        ),
        {"A-1": [""]},
    ),
    "Google Merchant": (
        (
            "id,title,description,availability,condition,price,link,image_link,brand,gtin,google_prod"
            "uct_category,additional_image_link\n"
            'L1,Téi,Gutt,in stock,new,"12,50 EUR",https://x.example,https://x.example/1.jpg,Hex,,,htt'
            "ps://x.example/2.jpg\n"
        ),
        {"Téi": [""]},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_known_by_its_headers_and_read_as_its_format_means_it(tmp_path: Path, name: str) -> None:
    text, variants = TABLES[name]
    found, refused = things(tmp_path, text)
    assert refused == []
    assert {thing.title: list(shown(thing)) for thing in found} == variants
    assert understand(tmp_path / "table.csv", PRODUCTS.target, Mapping()).mapping.format == name


def test_a_table_of_no_system_brings_variants_together_by_their_parent(tmp_path: Path) -> None:
    text = (
        "Artikelnummer;Hauptartikelnummer;Bezeichnung;Preis;Farbe;Größe\n"
        "S-1;S;;10,00;rot;M\nS-2;S;;11,00;blau;M\nS;;Hemd;10,00;;\nT;;Hut;5,00;rot;\n"
    )
    shirt, hat = things(tmp_path, text)[0]
    assert (shirt.title, list(shown(shirt)), shirt.data["options"]) == ("Hemd", ["rot", "blau"], ["Farbe"])
    assert (hat.title, list(shown(hat))) == ("Hut", [""])


def test_choices_that_have_no_rows_are_said_and_no_variants(tmp_path: Path) -> None:
    text = (
        "handleId,fieldType,name,price,productOptionName1,productOptionDescription1\n"
        "p,Product,Mask,120.0,Size,S;M;L\n"
    )
    [mask], _refused = things(tmp_path, text)
    assert list(shown(mask)) == [""] and any("choices" in str(note.text) for note in mask.notes)


def test_entries_of_atom_are_items_too(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title><link href="https://x.example"/>'
        '<entry><id>1</id><title>Cup</title><link href="https://x.example/c"/>'
        "<g:image_link>https://x.example/1.jpg</g:image_link><g:price>5.00 EUR</g:price></entry></feed>"
    )
    [cup], _refused = things(tmp_path, text)
    assert (cup.title, shown(cup)) == ("Cup", {"": (500, None)})
