"""The desk's blueprint, which every queue adds its views to."""

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")
