"""What a table of order lines has to say, and the tables of other systems that say it."""

from flask_babel import lazy_gettext as _l

from modules.orders.own import FORMAT as ORION
from orion.contracts.tabular import Field, Format, Target

TARGET = Target(
    name="orders.lines",
    fields=(
        Field(
            "document",
            "identifier",
            _l("Order number"),
            required=True,
            longest=64,
            headers=(
                "Order number",
                "Order no",
                "Order ID",
                "Invoice no",
                "Invoice number",
                "Invoice ID",
                "Invoice",
                "Sales order ID",
                "Document number",
                "Document",
                "Order",
            ),
        ),
        Field(
            "date",
            "datetime",
            _l("Order date"),
            required=True,
            headers=(
                "Order date",
                "Invoice date",
                "Ordered at",
                "Placed at",
                "Purchase date",
                "Document date",
                "Created at",
                "Date",
            ),
        ),
        Field(
            "sku",
            "identifier",
            _l("SKU"),
            longest=120,
            headers=(
                "SKU",
                "Stock code",
                "Lineitem sku",
                "Product code",
                "Item code",
                "Product ID",
                "Article number",
            ),
        ),
        Field(
            "title",
            "text",
            _l("Title"),
            headers=("Description", "Product name", "Lineitem name", "Item name", "Title", "Product", "Item"),
        ),
        Field(
            "quantity",
            "integer",
            _l("Quantity"),
            required=True,
            headers=("Quantity", "Qty", "Lineitem quantity", "Order quantity", "Units"),
        ),
        Field(
            "unit_price",
            "money",
            _l("Unit price"),
            headers=("Unit price", "Price", "Lineitem price", "Item price", "Price each"),
        ),
        Field(
            "amount",
            "money",
            _l("Line amount"),
            headers=("Line total", "Line amount", "Sales", "Amount", "Extended price", "Line revenue"),
        ),
        Field("discount", "decimal", _l("Discount"), headers=("Discount", "Discount rate")),
        Field(
            "customer",
            "identifier",
            _l("Customer"),
            longest=120,
            headers=("Customer ID", "Customer no", "Customer number", "Client ID", "Partner ID", "Email"),
        ),
        Field(
            "customer_name",
            "text",
            _l("Customer name"),
            headers=("Customer name", "Company name", "Billing name", "Ship name", "Client name", "Customer"),
        ),
        Field(
            "country",
            "text",
            _l("Country"),
            headers=("Country", "Ship country", "Shipping country", "Billing country", "Customer country"),
        ),
        Field("currency", "currency", _l("Currency"), headers=("Currency", "Currency code")),
    ),
    formats=(
        ORION,
        Format(
            "Online Retail",
            signature=("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"),
            options={"refund_prefix": "C"},
        ),
        Format(
            "Online Retail II",
            signature=("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price"),
            options={"refund_prefix": "C"},
        ),
        Format(
            "Superstore",
            signature=("Order ID", "Order Date", "Ship Date", "Product ID", "Sales", "Quantity", "Discount"),
            columns={"amount": "Sales", "title": "Product Name"},
        ),
        Format(
            "Northwind",
            signature=("Order ID", "Product ID", "Unit Price", "Quantity", "Discount"),
            columns={"customer_name": ("Company Name", "Ship Name"), "country": ("Ship Country", "Country")},
        ),
    ),
    options={"refund_prefix": {"type": "string", "minLength": 1, "maxLength": 8}},
)
