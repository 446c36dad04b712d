"""Addresses of this room: the paper's front page, its articles, and the lists that lead to them."""

from django.urls import path, register_converter

from articles.reading import addresses, corrections, feeds, sitemaps, talk_feeds
from articles.reading.views import archive, article, front, history, lists, readers, standing

register_converter(addresses.Year, "year")
register_converter(addresses.TwoDigits, "two")
register_converter(addresses.UnicodeSlug, "uslug")

HISTORY = "<year:year>/<two:month>/<two:day>/<uslug:slug>/history/"

urlpatterns = [
    path("", front.show, name="front"),
    path("<year:year>/<two:month>/<two:day>/<uslug:slug>/", article.show, name="article"),
    path(HISTORY, history.show, name="history"),
    path(HISTORY + "compare/", history.comparison, name="comparison"),
    path(HISTORY + "<int:number>/", history.edition, name="edition"),
    path("authors/<uslug:slug>/", lists.author, name="author"),
    path("sections/<uslug:slug>/", lists.section, name="section"),
    path("readers/<str:name>/", readers.reader, name="reader"),
    path("archive/", archive.years, name="archive"),
    path("archive/<year:year>/", archive.year, name="archive_year"),
    path("archive/<year:year>/<two:month>/", archive.month, name="archive_month"),
    path("archive/<year:year>/<two:month>/<two:day>/", archive.day, name="archive_day"),
    path("corrections/", corrections.show, name="corrections"),
    path("corrections/feed/", corrections.feed, name="corrections_feed"),
    path("feed/", feeds.atom, name="feed"),
    path("topics/<uslug:slug>/feed/", feeds.of_topic, name="topic_feed"),
    path("articles/<int:article_id>/feed/", talk_feeds.of_article, name="article_feed"),
    path("comments/<int:comment_id>/feed/", talk_feeds.of_thread, name="branch_feed"),
    path("readers/<str:name>/feed/", talk_feeds.of_reader, name="reader_feed"),
    path("inbox/<str:key>/feed/", talk_feeds.of_inbox, name="inbox_feed"),
    path("feed.json", feeds.json_feed, name="json_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<year:year>.xml", sitemaps.sitemap_of_year, name="sitemap_year"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", standing.favicon, name="favicon"),
    path("rules/", standing.show, {"slug": "rules"}, name="rules"),
    path("privacy/", standing.show, {"slug": "privacy"}, name="privacy"),
]
