"""URLs of readers' pages: the front page, articles, lists of articles, feeds and sitemaps."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from articles.reading import (
    article_feeds,
    comment_feeds,
    corrections,
    moderation_log_feed,
    sitemaps,
    url_converters,
)
from articles.reading.views import (
    about_pages,
    archive,
    article,
    author_and_section,
    branding,
    front_page,
    offline,
    own_comments,
    picture,
    profile,
    saved_articles,
    site_pages,
    standing,
    version_history,
    well_known,
)

register_converter(url_converters.Year, "year")
register_converter(url_converters.TwoDigits, "two_digits")
register_converter(url_converters.UnicodeSlug, "uslug")

HISTORY = "<year:year>/<two_digits:month>/<two_digits:day>/<uslug:slug>/history/"

urlpatterns = [
    path("", front_page.show, name="front"),
    path("<year:year>/<two_digits:month>/<two_digits:day>/<uslug:slug>/", article.show, name="article"),
    path(HISTORY, version_history.show, name="history"),
    path(HISTORY + "compare/", version_history.comparison, name="comparison"),
    path(HISTORY + "<int:number>/", version_history.edition, name="edition"),
    path("authors/", author_and_section.authors, name="authors"),
    path("authors/<uslug:slug>/feed/", article_feeds.author_feed, name="author_feed"),
    path("authors/<uslug:slug>/", author_and_section.author, name="author"),
    path("sections/", author_and_section.sections, name="sections"),
    path("sections/<uslug:slug>/feed/", article_feeds.section_feed, name="section_feed"),
    path("sections/<uslug:slug>/", author_and_section.section, name="section"),
    path("articles/<int:article_id>/save/", saved_articles.save, name="save_article"),
    path("saved/", saved_articles.show, name="saved_articles"),
    path("readers/<str:name>/", profile.reader, name="reader"),
    path("comments/", own_comments.show, name="own_comments"),
    path("pictures/", site_pages.show, {"slug": "pictures"}, name="how_pictures_are_made"),
    path("pictures/<int:picture_id>/", picture.show, name="picture"),
    path("archive/", archive.years, name="archive"),
    path("archive/<year:year>/", archive.year, name="archive_year"),
    path("archive/<year:year>/<two_digits:month>/", archive.month, name="archive_month"),
    path("archive/<year:year>/<two_digits:month>/<two_digits:day>/", archive.day, name="archive_day"),
    # The beginnings of an article's address lead to the archive.
    path("<year:year>/", RedirectView.as_view(pattern_name="archive_year", permanent=True), name="year"),
    path(
        "<year:year>/<two_digits:month>/",
        RedirectView.as_view(pattern_name="archive_month", permanent=True),
        name="month",
    ),
    path(
        "<year:year>/<two_digits:month>/<two_digits:day>/",
        RedirectView.as_view(pattern_name="archive_day", permanent=True),
        name="day",
    ),
    path("corrections/", corrections.show, name="corrections"),
    path("corrections/feed/", corrections.feed, name="corrections_feed"),
    path("moderation/log/feed/", moderation_log_feed.show, name="moderation_log_feed"),
    path("feed/", article_feeds.atom_feed, name="feed"),
    path("topics/<uslug:slug>/feed/", article_feeds.topic_feed, name="topic_feed"),
    path("articles/<int:article_id>/feed/", comment_feeds.article_feed, name="article_feed"),
    path("comments/<int:comment_id>/feed/", comment_feeds.thread_feed, name="thread_feed"),
    path("readers/<str:name>/feed/", comment_feeds.reader_feed, name="reader_feed"),
    path("inbox/<str:key>/feed/", comment_feeds.inbox_feed, name="inbox_feed"),
    path("feed.json", article_feeds.json_feed, name="json_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<year:year>.xml", sitemaps.sitemap_of_year, name="sitemap_year"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", site_pages.favicon, name="favicon"),
    path("accent/<slug:colour>.css", branding.accent, name="accent"),
    path("logo/<slug:digest>.png", branding.logo, name="logo"),
    path("manifest.webmanifest", well_known.manifest, name="manifest"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline, name="offline"),
    path(".well-known/change-password", well_known.change_password, name="well_known_change_password"),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path("rules/", site_pages.show, {"slug": "rules"}, name="rules"),
    path("rules/standing/", standing.show, name="standing"),
    path("rules/versions/", site_pages.rules_versions, name="rules_versions"),
    path("rules/versions/<int:number>/", site_pages.rules_version, name="rules_version"),
    path("masthead/", site_pages.show, {"slug": "masthead"}, name="masthead"),
    path("ethics/", site_pages.show, {"slug": "ethics"}, name="ethics"),
    path("corrections-policy/", site_pages.show, {"slug": "corrections-policy"}, name="corrections_policy"),
    path("accessibility/", site_pages.show, {"slug": "accessibility"}, name="accessibility"),
    path("contact/", about_pages.contact, name="contact"),
    path("imprint/", about_pages.imprint, name="imprint"),
]
