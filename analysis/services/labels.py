"""What people call a retail category: English codes of shop systems in Japanese, word by word.

``Mens_JACKETS&OUTER2`` -> ``メンズ ジャケット・アウター``. A name with a word that is not in the table stays as it is.
"""

import re
from collections.abc import Mapping

_JAPANESE = """
MEN メンズ, MENS メンズ, WOMEN レディース, WOMENS レディース, LADIES レディース, LADYS レディース
UNISEX ユニセックス, KIDS キッズ, BOYS ボーイズ, GIRLS ガールズ, BABY ベビー, BABIES ベビー, JUNIOR ジュニア
MATERNITY マタニティ, JACKET ジャケット, COAT コート, OUTER アウター, OUTERWEAR アウター, BLOUSON ブルゾン
DOWN ダウン, VEST ベスト, SUIT スーツ, TOPS トップス, TOP トップス, SHIRT シャツ, BLOUSE ブラウス, TSHIRT Tシャツ
TEE Tシャツ, CUTSEW カットソー, POLO ポロシャツ, KNIT ニット, KNITWEAR ニット, SWEATER セーター
CARDIGAN カーディガン, SWEAT スウェット, HOODIE パーカー, PARKA パーカー, PANTS パンツ, TROUSERS パンツ
BOTTOMS ボトムス, BOTTOM ボトムス, DENIM デニム, JEANS ジーンズ, SHORTS ショートパンツ, LEGGINGS レギンス
SKIRT スカート, DRESS ワンピース, ONEPIECE ワンピース, SETUP セットアップ, ALLINONE オールインワン, UNDERWEAR 肌着
INNER インナー, INNERWEAR インナー, LINGERIE ランジェリー, SOCKS 靴下, LEGWEAR レッグウェア, ROOMWEAR ルームウェア
PAJAMAS パジャマ, SWIMWEAR 水着, SPORTS スポーツ, SPORTSWEAR スポーツウェア, YUKATA 浴衣, KIMONO 着物
SHOES シューズ, SNEAKER スニーカー, BOOTS ブーツ, SANDAL サンダル, PUMPS パンプス, BAG バッグ, WALLET 財布
LEATHER 革, ACCESSORY アクセサリー, ACCESSORIES アクセサリー, JEWELRY ジュエリー, WATCH 腕時計, HAT 帽子
CAP キャップ, BELT ベルト, SCARF スカーフ, STOLE ストール, GLOVE 手袋, TIE ネクタイ, UMBRELLA 傘, GLASSES 眼鏡
EYEWEAR アイウェア, GOODS 雑貨, COSMETIC コスメ, SKINCARE スキンケア, MAKEUP メイクアップ, FRAGRANCE フレグランス
PERFUME 香水, BEAUTY ビューティー, HAIR ヘア, HEALTH ヘルス, HOME ホーム, HOMEWARE 生活雑貨, LIVING リビング
INTERIOR インテリア, FURNITURE 家具, KITCHEN キッチン, TABLEWARE 食器, BEDDING 寝具, BATH バス, TOWEL タオル
STATIONERY 文具, BOOK 書籍, TOY 玩具, GAME ゲーム, MUSIC 音楽, FOOD 食品, FOODS 食品, GROCERY 食料品, DELI 惣菜
BAKERY ベーカリー, SWEETS スイーツ, CONFECTIONERY 菓子, SNACK スナック, BEVERAGE 飲料, DRINK 飲料, ALCOHOL 酒類
LIQUOR 酒類, WINE ワイン, BEER ビール, SAKE 日本酒, COFFEE コーヒー, TEA お茶, MEAT 精肉, FISH 鮮魚, SEAFOOD 水産
VEGETABLE 野菜, FRUIT 果物, PRODUCE 青果, DAIRY 乳製品, FROZEN 冷凍食品, RICE 米, ELECTRONICS 家電, APPLIANCE 家電
COMPUTER パソコン, PHONE 電話, CAMERA カメラ, TECHNOLOGY テクノロジー, OFFICE オフィス, SUPPLIES 用品, PET ペット
GARDEN ガーデン, TOOL 工具, OUTDOOR アウトドア, TRAVEL トラベル, GIFT ギフト, CARD カード, SERVICE サービス
REPAIR 修理, SALE セール, OUTLET アウトレット, NEW 新作, OTHER その他, OTHERS その他, MISC その他
"""
WORDS: dict[str, str] = dict(pair.split() for line in _JAPANESE.strip().splitlines() for pair in line.split(", "))

_WORD = re.compile(r"([A-Za-z]+)\d*")


def display_name(category: str, labels: Mapping[str, str] | None = None) -> str:
    """The caller's label, else the Japanese of every word, else the name itself."""
    if labels and category in labels:
        return labels[category]
    plain = category.replace("'", "").replace("’", "").replace("T-SHIRT", "TSHIRT").replace("T-Shirt", "Tshirt")
    groups = [group for group in re.split(r"[_\s/\-]+", plain) if group]
    named = [_group(group) for group in groups]
    return " ".join(one for one in named if one) if named and all(named) else category


def _group(group: str) -> str | None:
    """``JACKETS&OUTER2`` -> ``ジャケット・アウター``."""
    words = [_word(part) for part in re.split(r"[&+,・]", group) if part]
    return "・".join(word for word in words if word) if words and all(words) else None


def _word(part: str) -> str | None:
    match = _WORD.fullmatch(part)
    if not match:
        return None
    word = match[1].upper()
    for form in (word, word.removesuffix("S"), word.removesuffix("ES")):
        if form in WORDS:
            return WORDS[form]
    return None
