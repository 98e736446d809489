"""Settings of the editors' desk: how the admin looks."""

from django.templatetags.static import static

UNFOLD = {
    "SITE_TITLE": "Forecast Tracker",
    "SITE_HEADER": "Forecast Tracker",
    "SITE_URL": "/",
    "SITE_SYMBOL": "gavel",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icon.svg")}],
    "SHOW_HISTORY": False,
    "SHOW_LANGUAGES": False,
    "BORDER_RADIUS": "4px",
    "STYLES": ["tracker.admin.kit.navigation.stylesheet"],
    "SCRIPTS": ["tracker.admin.kit.navigation.script"],
    "DASHBOARD_CALLBACK": "tracker.admin.desk.inbox.dashboard",
    "SIDEBAR": {"navigation": "tracker.admin.kit.navigation.sidebar"},
    # The greys and the one accent of the public pages, as unfold's scales.
    "COLORS": {
        "base": {
            "50": "#f7f5ef",
            "100": "#f3f1ea",
            "200": "#d9d5ca",
            "300": "#c9c4b7",
            "400": "#a39d91",
            "500": "#6b675f",
            "600": "#55524b",
            "700": "#3c3934",
            "800": "#2c2a26",
            "900": "#161513",
            "950": "#100f0e",
        },
        "primary": {
            "50": "#fbf2f4",
            "100": "#f6e2e7",
            "200": "#edc5cf",
            "300": "#e3a1b1",
            "400": "#f0a0ae",
            "500": "#f0a0ae",
            "600": "#86203a",
            "700": "#6f1a30",
            "800": "#5a1527",
            "900": "#47111f",
            "950": "#2b0a13",
        },
        "font": {
            "subtle-light": "#6b675f",
            "subtle-dark": "#a39d91",
            "default-light": "#3c3934",
            "default-dark": "#d9d5ca",
            "important-light": "#1b1a18",
            "important-dark": "#efece4",
        },
    },
}
