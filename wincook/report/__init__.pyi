# What is public here; each module is loaded when one of its names is used.

from .data.csv import csv_text as csv_text
from .data.difference import difference as difference
from .data.latex import latex_text as latex_text
from .data.run import Run as Run
from .data.run import read_run as read_run
from .data.run import write_run as write_run
from .figures.canvas import draw as draw
from .figures.canvas import draw_into as draw_into
from .figures.canvas import figure_of as figure_of
from .figures.comparison import error_curves as error_curves
from .figures.comparison import front_chart as front_chart
from .figures.landscape import landscape_chart as landscape_chart
from .figures.landscape import landscape_figure as landscape_figure
from .figures.report import pictures_of as pictures_of
from .forms import view_of as view_of
from .html.reports import write_page as write_page
from .html.view import write_view_page as write_view_page
from .table import Table as Table
from .table import View as View
from .terminal.layout import Layout as Layout
