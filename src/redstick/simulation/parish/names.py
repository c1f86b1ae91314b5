"""Street names of a parish that does not exist: trees, birds, plants, weather and water; no person's name."""

from collections.abc import Iterator

from numpy.random import Generator

STEMS = (
    "Acorn", "Alder", "Anhinga", "Ash", "Aster", "Azalea", "Bald Cypress", "Basil", "Bayberry", "Beech", "Birch",
    "Bittern", "Blackgum", "Bluestem", "Briar", "Buckeye", "Buttonbush", "Cane", "Cardinal", "Catalpa", "Cattail",
    "Cedar", "Chinquapin", "Cinnamon", "Clover", "Coneflower", "Coot", "Cottonwood", "Crane", "Crocus", "Curlew",
    "Cypress", "Dahlia", "Dogwood", "Dove", "Driftwood", "Egret", "Elderberry", "Elm", "Fennel", "Fern", "Fig",
    "Finch", "Foxglove", "Gallinule", "Gardenia", "Ginger", "Goldenrod", "Grackle", "Gumtree", "Hackberry", "Hawthorn",
    "Hazel", "Heather", "Heron", "Hickory", "Holly", "Honeylocust", "Hyacinth", "Ibis", "Indigo", "Iris", "Ironweed",
    "Ivy", "Jasmine", "Juniper", "Kestrel", "Kingfisher", "Kinglet", "Lantana", "Larch", "Larkspur", "Laurel",
    "Lavender", "Linden", "Live Oak", "Lotus", "Magnolia", "Mallard", "Mallow", "Maple", "Marigold", "Marsh", "Martin",
    "Mayhaw", "Meadow", "Mimosa", "Mint", "Mockingbird", "Moss", "Mulberry", "Muscadine", "Myrtle", "Nightshade",
    "Nuthatch", "Oleander", "Orchid", "Oriole", "Osprey", "Palmetto", "Pecan", "Pelican", "Persimmon", "Pintail",
    "Plover", "Plum", "Poplar", "Primrose", "Quail", "Quince", "Redbud", "Red Maple", "Reed", "Rookery", "Rosemary",
    "Rush", "Sage", "Sandpiper", "Sassafras", "Sedge", "Shorebird", "Skimmer", "Snipe", "Sorrel", "Sparrow",
    "Spoonbill", "Spruce", "Starling", "Stork", "Sumac", "Swallow", "Sweetbay", "Sweetgum", "Sycamore", "Tallow",
    "Tanager", "Teal", "Tern", "Thistle", "Thrush", "Thyme", "Trillium", "Tulip", "Tupelo", "Verbena", "Violet",
    "Vireo", "Warbler", "Water Oak", "Waxwing", "Whimbrel", "White Oak", "Wigeon", "Willow", "Wisteria", "Woodcock",
    "Wren", "Yarrow", "Yaupon", "Yucca",
)  # fmt: skip
SUFFIXES = ("Street", "Avenue", "Drive", "Lane", "Court", "Way")


def street_names(rng: Generator) -> Iterator[str]:
    """Every name once, in an order of the seed; each stem is used with one suffix before any stem comes again."""
    for turn in range(len(SUFFIXES)):
        for place in rng.permutation(len(STEMS)).tolist():
            yield f"{STEMS[place]} {SUFFIXES[(place + turn) % len(SUFFIXES)]}"
    number = 1
    while True:
        yield f"Road {number}"
        number += 1


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
