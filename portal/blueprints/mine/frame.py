"""The supporter's own rooms, which every page there adds its views to."""

from flask import Blueprint

bp = Blueprint("mine", __name__, url_prefix="/me")
