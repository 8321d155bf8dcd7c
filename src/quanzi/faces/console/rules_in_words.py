"""What the doctor's rules say, collected here so that the page about them reads in every language.

The rooms state each rule in English beside its query; a test holds this list against theirs.
"""

from quanzi.kernel.words import N_

RULES = (
    N_("Each change that must be accounted for has its audit row"),
    N_("The audit log is append-only and its hash chain is unbroken"),
    N_("Each price is the newest line of its history"),
    N_("A line is marked as disputed exactly while a claim about it is open and it is not kept"),
    N_("The escrow holds what buyers paid, less what went back to them and what the shop has earned"),
    N_("Income from goods and delivery is the sum of what orders released"),
    N_("What was handed over was fit: no lot past its expiry at that moment, none of other goods"),
    N_("A hand-over and the order's own word agree"),
    N_("A team ends with everybody confirmed, or with everybody refunded"),
    N_("A team succeeded with as many different members who paid in time as it has seats"),
    N_("Seats of a team: counted right, within its size, one for each person"),
    N_("Nobody is in more teams of a deal than one member may be"),
    N_("Every seat is charged the price of its team, and nobody else is"),
    N_("Only goods that were paid for and received are kept, and what is kept was earned"),
    N_("Each notification is stored once, as it came, and decided"),
    N_("Each event is applied exactly once by each of its consumers"),
    N_("Payouts of commission are what the books paid, and what the books owe is what is still due"),
    N_("No commission is paid twice, or before it is payable, or above the limit by one person"),
    N_("No job has given up or takes its worker down again and again"),
    N_("Every ledger transaction balances in each currency"),
    N_("Each balance is the sum of its entries, and guarded accounts are not below zero"),
    N_("What needed a second person was decided by one, and stands in the audit log"),
    N_("The books are append-only and their hash chain is unbroken"),
    N_("Rules of the shop are never edited, and shown seven days before they hold"),
    N_("Each permission says what the newest consent says"),
    N_("A mutual tie stands in both directions"),
    N_("Every captured payment of an order stands behind a paid order, and the other way round"),
    N_("Each captured payment is booked once, and one that nobody waits for went back in full"),
    N_("An order's amount is the sum of its lines and freight, and that is what was paid"),
    N_("The explained steps of an order lead from its list prices to its amount"),
    N_("The log of each order is one path through the state table and ends where the order is"),
    N_("Refunds never exceed what was captured, and each is booked exactly while it lives"),
    N_("What orders gave back is what their parts say and what their payments gave back"),
    N_("Goods go back on sale at most once, and only after they were handed over"),
    N_("Stock on hand and held adds up from its movements and reservations"),
    N_("Each reservation that was handed over left the shelf exactly once, and returns at most once"),
    N_("No reservation is held past its expiry"),
    N_("What was received of a purchase is what its receipts say, and went on the shelf once as that lot"),
    N_("No more is taken of a supplier's lot than there is, and what is sold from there stands on our shelf once"),
    N_("Goods are held for every line that waits, consumed for what was handed over, and for nothing else"),
)
