"""What a table of customers has to say, and the names that columns have for it."""

from flask_babel import lazy_gettext as _l

from orion.contracts.tabular import MASKED, Field, Format, Target

#: The format of the file that the list hands out.
ORION = Format(
    "Orion customers", signature=("Orion ID", "Customer number", "Customer since"), options={MASKED: True}
)
TARGET = Target(
    name="customers.customers",
    fields=(
        Field("own", "identifier", _l("Orion ID"), longest=14, headers=("Orion ID",)),
        Field(
            "reference",
            "identifier",
            _l("Customer number"),
            needed=True,
            instead=(("email",),),
            longest=120,
            headers=(
                *(
                    "Customer ID",
                    "Customer no",
                    "Customer number",
                    "Reference",
                    "Client ID",
                    "Partner ID",
                    "ID",
                ),
                *(
                    "ID",
                    "Kundennummer",
                    "Kunden-Nr.",
                    "Kunden-ID",
                    "Numéro client",
                    "ID client",
                    "Codice cliente",
                ),
                *("ID cliente", "Número de cliente", "Klantnummer", "Numer klienta", "Müşteri no"),
            ),
        ),
        Field(
            "name",
            "text",
            _l("Name"),
            headers=(
                *("Company name", "Company", "Customer name", "Name", "Full name", "Display name"),
                *("Contact name", "Firma", "Kundenname", "Société", "Nom complet", "Ragione sociale"),
                *("Nombre completo", "Empresa", "Bedrijf", "Nume complet", "Nazwa firmy", "Ad Soyad"),
            ),
        ),
        Field(
            "first_name",
            "text",
            _l("First name"),
            headers=(
                "First name",
                "Given name",
                "Vorname",
                "Prénom",
                "Nome",
                "Nombre",
                "Prenume",
                "Voornaam",
                "Imię",
                "Ad",
            ),
        ),
        Field(
            "last_name",
            "text",
            _l("Last name"),
            headers=(
                "Last name",
                "Family name",
                "Surname",
                "Nachname",
                "Nom",
                "Nom de famille",
                "Cognome",
                "Apellido",
                "Apellidos",
                "Nume",
                "Achternaam",
                "Nazwisko",
                "Soyad",
            ),
        ),
        Field(
            "email",
            "text",
            _l("Email address"),
            longest=254,
            headers=(
                "Email",
                "Email address",
                "User email",
                "Customer email",
                "Billing email",
                "E-mail",
                "E-Mail-Adresse",
                "Adresse e-mail",
                "Courriel",
                "Correo electrónico",
                "Indirizzo email",
                "Mail",
                "E-posta",
            ),
        ),
        Field(
            "phone",
            "text",
            _l("Phone"),
            headers=(
                "Phone",
                "Phone number",
                "Billing phone",
                "Telephone",
                "Mobile",
                "Telefon",
                "Telefonnummer",
                "Téléphone",
                "Telefono",
                "Teléfono",
                "Telefoon",
            ),
        ),
        Field(
            "country",
            "text",
            _l("Country"),
            headers=(
                "Country",
                "Country code",
                "Default address country code",
                "Billing country",
                "Land",
                "Pays",
                "Paese",
                "País",
                "Țară",
                "Kraj",
                "Ülke",
            ),
        ),
        Field(
            "joined_on",
            "date",
            _l("Customer since"),
            headers=(
                *("Customer since", "Joined on", "Registered on", "Date registered", "User registered"),
                *("Registered", "Sign up", "Date created", "Created at", "Kunde seit", "Registriert am"),
                *("Registrierungsdatum", "Client depuis", "Date d'inscription", "Inscription", "Cliente dal"),
                *("Data di registrazione", "Fecha de registro", "Client din", "Data înregistrării"),
                *("Klant sinds", "Data rejestracji"),
            ),
        ),
    ),
    formats=(
        ORION,
        Format(
            "Shopify customers", signature=("Customer ID", "First Name", "Last Name", "Email", "Total Spent")
        ),
        Format("Northwind customers", signature=("customer_id", "company_name", "contact_name")),
        Format(
            "SAP business partners",
            signature=("PARTNERID", "PARTNERROLE", "COMPANYNAME"),
            columns={"email": "EMAILADDRESS", "phone": "PHONENUMBER"},
        ),
    ),
)
