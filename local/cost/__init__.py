"""What a month on AWS costs, from the templates, a price table and measured durations: `make cost`.

`templates` reads what is deployed, `measured` what a request takes, `page_weight` what a visit of
the web page loads, `traffic` who asks for what. `usage` multiplies them into quantities that AWS
bills, `bill` prices those, `page` writes it down.
"""
