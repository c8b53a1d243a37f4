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
    "OpenCart": (
        (
            "product_id,name(en-gb),categories,sku,ean,quantity,model,manufacturer,image_name,price,weigh"
            "t,weight_unit,status,description(en-gb),stock_status_id\n"
            "50,Lamp,20,BL-50,,12,Model BL,Lumina,https://x.example/1.jpg,79.9000,1.50,kg,true,<p>x</p>,6\n"
            "51,Stool,20,,,3,Model OS,Hof,,120.0000,4.20,kg,false,,6\n"
        ),
        {"Lamp": [""], "Stool": [""]},
    ),
    "Lightspeed eCom": (
        (
            "Internal_ID;Internal_Variant_ID;Visible;Brand;NL_Title_Short;NL_Variant;Price;Price_Old;SKU;"
            "EAN;Article_Code;Weight;Stock_Level;Category_1;Images\n"
            "1;11;Y;Hof;Mok;Maat: S;9.00;12.00;;;A1;300;5;Kopjes;https://x.example/1.jpg\n"
            "1;12;Y;Hof;Mok;Maat: L;11.00;;;;A2;400;5;Kopjes;\n"
        ),
        {"Mok": ["S", "L"]},
    ),
    "Ecwid": (
        (
            "type,product_internal_id,product_sku,product_name,product_price,product_is_available,product"
            "_option_name,product_option_value,product_variation_sku,product_variation_option_{Size},prod"
            "uct_variation_price\n"
            "product,101,TS,Shirt,19.99,true,,,,,\n"
            "product_option,101,TS,,,,Size,S,,,\n"
            "product_variation,101,TS,,,,,,TS-S,S,19.99\n"
            "product_variation,101,TS,,,,,,TS-M,M,21.99\n"
            "product,102,CP,Cup,4.00,true,,,,,\n"
        ),
        {"Shirt": ["S", "M"], "Cup": [""]},
    ),
    "Magento 1": (
        (
            "sku,_store,_attribute_set,_type,_category,name,price,status,visibility,url_key,image,_media_"
            "image,weight\n"
            "TS,,Default,simple,Shirts,Shirt,19.9900,1,4,ts,https://x.example/1.jpg,https://x.example/1.jpg"
            ",0.2\n"
            ",,,,Sale,,,,,,,https://x.example/2.jpg,\n"
        ),
        {"Shirt": [""]},
    ),
    "osCommerce": (
        (
            "v_products_model\tv_products_name_1\tv_products_price\tv_products_weight\tv_products_quantit"
            "y\tv_status\n"
            "MG200\tMatrox\t299.9900\t23.00\t32\tActive\n"
        ),
        {"Matrox": [""]},
    ),
    "Gambio": (
        "XTSOL|p_model|p_stock|p_priceNoTax|p_status|p_name.de|p_manufacturer\n"
        "XTSOL|BL-1|12|67.14|1|Lampe|Lumina\n",
        {"Lampe": [""]},
    ),
    "OXID": (
        (
            "OXID;OXARTNUM;OXTITLE;OXPRICE;OXSTOCK;OXACTIVE;OXPARENTID;OXVARSELECT;OXPIC1\n"
            "a;1001;Hemd;19.99;0;1;;;https://x.example/1.jpg\n"
            "b;1001-S;;19.99;5;1;a;S;\n"
            "c;1001-M;;21.99;5;1;a;M;\n"
        ),
        {"Hemd": ["S", "M"]},
    ),
    "eBay listings": (
        "*Action(SiteID=Germany);CustomLabel;*Category;*Title;PicURL;*StartPrice;*Quantity;Product:EAN\n"
        "Add;M-1;20625;Becher;https://x.example/1.jpg;9.00;5;4006381333931\n",
        {"Becher": [""]},
    ),
    "Square": (
        (
            "Token,Item Name,Variation Name,SKU,Description,Categories,GTIN,Default Unit Cost,Option Name"
            " 1,Option Value 1,Price\n"
            "A,Shirt,S,TS-S,Nice,Clothing,,8.00,Size,S,19.99\n"
            "B,Shirt,M,TS-M,,,,8.00,Size,M,19.99\n"
            "C,Cup,Regular,,,,,,,,4.00\n"
        ),
        {"Shirt": ["S", "M"], "Cup": [""]},
    ),
    "Lightspeed X": (
        (
            "id,handle,sku,name,variant_option_one_name,variant_option_one_value,tags,supply_price,retail"
            "_price,brand_name,active\n"
            "a,shirt,1,Shirt,Size,S,,8.00,19.99,Hof,1\n"
            "b,shirt,2,Shirt,Size,M,,8.00,19.99,Hof,1\n"
        ),
        {"Shirt": ["S", "M"]},
    ),
    "Lightspeed R": (
        "System ID,UPC,EAN,Custom SKU,Manufact. SKU,Item,Qty.,Price,Brand,MSRP,Default Cost,Vendor\n"
        "21001,,4006381333931,BL-1,,Lamp,3,79.90,Lumina,89.90,40.00,Sup\n",
        {"Lamp": [""]},
    ),
    "Loyverse": (
        (
            "Handle,SKU,Name,Category,Sold by weight,Option 1 name,Option 1 value,Cost,Barcode,Default pr"
            "ice,Price [Main],In stock [Main]\n"
            "mug,M-1,Mug,Cups,N,Size,S,4.00,,9.00,variable,5\n"
            "mug,M-2,,,N,,L,4.00,,11.00,11.00,2\n"
        ),
        {"Mug": ["S", "L"]},
    ),
    "Odoo": (
        (
            "External ID,Name,Internal Reference,Barcode,Sales Price,Cost,Product Category,Weight,Can be "
            "Sold,Quantity On Hand\n"
            "t1,Chair,F-1,4006381333931,70.00,55.00,All / Furniture,2.5,True,10.0\n"
        ),
        {"Chair": [""]},
    ),
    "Odoo (technical names)": (
        "id,name,default_code,list_price,standard_price,qty_available\n1,Chair,F-1,70.0,55.0,10.0\n",
        {"Chair": [""]},
    ),
    "JTL": (
        (
            "Artikelnummer;Artikelname;Std. VK Brutto;Durchschnittlicher EK Netto;UVP;EAN;Artikelgewicht;"
            "Vaterartikel;Variationsname 1;Variationswertname 1;Aktiv;Bild 1\n"
            "T;Hemd;19,99;8,40;24,99;;0,20;;;;Y;https://x.example/1.jpg\n"
            "T-S;Hemd S;19,99;8,40;24,99;4006381333948;0,20;T;Größe;S;Y;\n"
            "T-M;Hemd M;19,99;8,40;24,99;;0,20;T;Größe;M;Y;\n"
        ),
        {"Hemd": ["S", "M"]},
    ),
    "Zoho Inventory": (
        "Item ID,Item Name,SKU,EAN,Rate,Purchase Rate,Status,Stock On Hand,Category Name\n"
        "1,Lamp,BL-1,4006381333931,EUR 79.90,EUR 40.00,Active,12,Lamps\n",
        {"Lamp": [""]},
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


def test_headers_of_several_languages_say_prices_with_tax_units_and_pictures(tmp_path: Path) -> None:
    found, refused = things(
        tmp_path,
        "Réf. article;Désignation;Prix de vente TTC;Prix d'achat HT;Poids net (kg);Lien photo\n"
        "A-1;Lampe;1 079,90;40,00;1,500;https://x.example/1.jpg\n",
    )
    [variant] = found[0].data["variants"]
    assert not refused and (variant["price"], variant["cost"], variant["weight"]) == (107990, 4000, 1500)
    found, refused = things(
        tmp_path, "Cod produs;Denumire produs;Preț cu TVA (EUR);Preț fără TVA\nR-1;Lampă;249,90;210,00\n"
    )
    assert [one["price"] for one in found[0].data["variants"]] == [24990] and not refused
