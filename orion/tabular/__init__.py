"""Tables as people have them, read exactly or refused with a reason: what the imports of all modules share.

    table = open_table(path, encoding=…, delimiter=…)   a table of any dialect, a sheet or XML, as a stream
    table = join_tables(table, joins)                   other files of the same export, by key columns
    table = shaped(table, form.shapes)                  what its format asks for before columns are found
    mapping = recognise(table.columns, target, stated)  which column is which field
    plan = survey(table, mapping, target)               one pass: how the file writes numbers and dates
    for row in rows(table, plan): …                     a second pass: Row or Rejected

Nothing here knows a module or the database. What the file itself doesn't prove has to be stated.
"""
