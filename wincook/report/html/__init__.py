"""Reports as HTML that needs nothing else: no network, no script, no font.

- `reports`: a page of error reports, with pictures, matrices and programs.
- `page`, `section`: any page, made of sections. `view`: a page of the tables of a command.
- `notebook`: what a notebook shows in place of a repr.
- `inline`: pictures inside a page. `mathml`: exact matrices. `template`: the templates, in the folder `templates`.
"""
