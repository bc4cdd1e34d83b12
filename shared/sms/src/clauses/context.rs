//! The state for reading a message, and the roles of its amounts.

use daftari_domain::{Impact, Money};
use daftari_sms_notation::clause::{BEGIN, DATE, END, LINK, MONEY};

use super::matching::{Matcher, Possible};
use super::sentences::{Narration, Sentence};
use super::skeleton::{Amount, Sign, Skeleton};
use super::tables::{
    Country, EVENTS, Event, Kind, LOAN_RULES, LoanClass, LoanRule, MARKED, RULES, Role, Row, Rule, Strength, UNMARKED,
    class, flag, in_class, pattern,
};

/// An amount, its place and its role.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// Index into the skeleton's amounts.
    pub(crate) amount: usize,
    /// Index into the sentences.
    pub(crate) sentence: usize,
    /// Index into the words of the sentence.
    pub(crate) at: usize,
    pub(crate) role: Option<Role>,
    /// The event that the amount takes part in.
    pub(crate) event: Option<&'static Event>,
    /// Two events of equal strength and different direction fit the amount.
    pub(crate) ambiguous: bool,
    /// If the amount is a balance: the words around the word "balance".
    pub(crate) about: Vec<u16>,
}

/// A message on its way to a reading.
pub(crate) struct Context<'s> {
    pub(crate) skeleton: &'s Skeleton,
    pub(crate) sentences: &'s [Sentence],
    pub(crate) narrations: &'s [Narration],
    pub(crate) mentions: Vec<Mention>,
    pub(crate) country: &'static Country,
    pub(crate) row: &'static Row,
    /// The words of all sentences that are not harmless, in order.
    pub(crate) all: Vec<u16>,
    pub(crate) possible: Possible,
    pub(crate) matcher: Matcher,
    pub(crate) loan_context: bool,
    /// The rules and events whose patterns may fit in some sentence.
    rules: Vec<&'static Rule>,
    events: Vec<&'static Event>,
    /// The languages with a mark among the words that count: a bit for each.
    marked: u16,
    /// Findings for `explain`, such as the guards whose words were known to be harmless; `None` if nobody explains.
    pub(crate) notes: Option<Vec<String>>,
}

impl<'s> Context<'s> {
    /// Adds to the notes for `explain`. Nothing is composed if nobody explains.
    pub(super) fn note(&mut self, note: impl FnOnce() -> String) {
        if let Some(notes) = &mut self.notes {
            notes.push(note());
        }
    }

    pub(crate) fn new(
        skeleton: &'s Skeleton,
        sentences: &'s [Sentence],
        narrations: &'s [Narration],
        matcher: Matcher,
        country: &'static Country,
        row: &'static Row,
    ) -> Self {
        let live = sentences.iter().filter(|sentence| !sentence.harmless);
        let all: Vec<u16> = live
            .clone()
            .flat_map(|sentence| sentence.words.iter().copied())
            .collect();
        let possible = Possible::in_any(live.map(|sentence| &sentence.possible));
        let marked = all.iter().fold(0, |set, word| set | MARKED[usize::from(*word)]);
        let states_money = all.contains(&MONEY);
        let fits = |left, right| states_money && possible.admits(left) && possible.admits(right);
        let rules = RULES.iter().filter(|rule| fits(rule.left, rule.right)).collect();
        let events = EVENTS.iter().filter(|event| fits(event.left, event.right)).collect();
        let mut context = Self {
            skeleton,
            sentences,
            narrations,
            mentions: Vec::new(),
            country,
            row,
            all,
            possible,
            matcher,
            loan_context: false,
            rules,
            events,
            marked,
            notes: None,
        };
        context.loan_context = context.speaks_of_a_loan();
        context.give_roles();
        context
    }

    /// Whether the words that are not harmless hold one of `patterns`.
    pub(crate) fn says(&mut self, patterns: &[u16]) -> bool {
        self.matcher.find(patterns, &self.possible, &self.all).is_some()
    }

    /// Whether the sentence holds one of `patterns`.
    pub(crate) fn sentence_says(&mut self, sentence: usize, patterns: &[u16]) -> bool {
        let sentence = &self.sentences[sentence];
        self.matcher
            .find(patterns, &sentence.possible, &sentence.words)
            .is_some()
    }

    pub(crate) fn amount(&self, mention: &Mention) -> &Amount {
        &self.skeleton.amounts[mention.amount]
    }

    /// The words between the amount and the previous amount, or from the beginning of the sentence.
    pub(crate) fn before(&self, mention: &Mention) -> &[u16] {
        let words = &self.sentences[mention.sentence].words;
        let start = words[..mention.at]
            .iter()
            .rposition(|word| *word == MONEY)
            .map_or(0, |at| at + 1);
        &words[start..mention.at]
    }

    /// The words behind the amount, to the end of the sentence.
    pub(crate) fn behind(&self, mention: &Mention) -> &[u16] {
        &self.sentences[mention.sentence].words[mention.at + 1..]
    }

    /// Whether the words behind the amount hold one of `patterns`.
    pub(super) fn says_behind(&mut self, mention: &Mention, patterns: &[u16]) -> bool {
        let sentence = &self.sentences[mention.sentence];
        let behind = &sentence.words[mention.at + 1..];
        self.matcher.find(patterns, &sentence.possible, behind).is_some()
    }

    /// Whether the words behind the amount begin with one of `patterns`.
    pub(super) fn goes_on_with(&mut self, mention: &Mention, patterns: &[u16]) -> bool {
        let sentence = &self.sentences[mention.sentence];
        let behind = &sentence.words[mention.at + 1..];
        self.matcher.behind(patterns, &sentence.possible, behind)
    }

    /// Whether the words before the amount end with one of `patterns`.
    pub(super) fn follows(&mut self, mention: &Mention, patterns: &[u16]) -> bool {
        let sentences = self.sentences;
        let possible = &sentences[mention.sentence].possible;
        let start = mention.at - self.before(mention).len();
        let before = &sentences[mention.sentence].words[start..mention.at];
        self.matcher.before(patterns, possible, before)
    }

    fn speaks_of_a_loan(&mut self) -> bool {
        (0..self.sentences.len()).any(|index| {
            let sentence = &self.sentences[index];
            if sentence.harmless || (sentence.opener && !sentence.has_money) {
                return false;
            }
            self.sentence_says(index, pattern::LOAN_WORDS) && !self.sentence_says(index, pattern::LOAN_ADVERTISEMENT)
        })
    }

    fn give_roles(&mut self) {
        for sentence in 0..self.sentences.len() {
            if self.sentences[sentence].harmless {
                continue;
            }
            let places: Vec<usize> = self.sentences[sentence].amounts().collect();
            for at in places {
                let amount = usize::from(self.sentences[sentence].tokens[at - 1].amount);
                let mut mention = Mention {
                    amount,
                    sentence,
                    at,
                    role: None,
                    event: None,
                    ambiguous: false,
                    about: Vec::new(),
                };
                if !self.skeleton.amounts[amount].bad {
                    self.give_role(&mut mention);
                }
                self.mentions.push(mention);
            }
        }
    }

    fn give_role(&mut self, mention: &mut Mention) {
        let first = self.rules(mention, &[Role::Limit, Role::Debt]);
        if first.is_some() {
            mention.role = first;
            return;
        }
        if let Some((role, about)) = balance(self.before(mention)) {
            mention.role = Some(role);
            mention.about = about;
            return;
        }
        for role in [Role::Mentioned, Role::Balance, Role::Fee, Role::Draw, Role::Total] {
            if let Some(role) = self.rules(mention, &[role]) {
                // "Your card was charged" means a purchase, not a fee.
                if role == Role::Fee
                    && self.is_only_charged(mention)
                    && let Some((event, false)) = self.event(mention, false)
                    && event.strength == Strength::Strong
                {
                    break;
                }
                mention.role = Some(role);
                if role == Role::Balance {
                    mention.about = self.before(mention).to_vec();
                }
                return;
            }
        }
        if (self.loan_context || self.row.loan()) && self.rules(mention, &[Role::Due]).is_some() {
            mention.role = Some(Role::Due);
            return;
        }
        if let Some((event, ambiguous)) = self.event(mention, false) {
            mention.role = Some(Role::Event);
            mention.event = Some(event);
            mention.ambiguous = ambiguous;
            return;
        }
        // `+R500`, or an amount that begins a sentence. A verb behind it belongs to an event: "Ksh500 sent to you".
        let goes_on = self
            .behind(mention)
            .first()
            .is_some_and(|word| in_class(class::EVENT_WORD, *word) || in_class(class::BE, *word));
        let alone = self.before(mention) == [BEGIN] && !goes_on;
        let amount = self.amount(mention);
        let signed = amount.sign != Sign::None || amount.marked.is_some();
        if self.rules(mention, &[Role::Amount]).is_some() || alone || signed {
            mention.role = Some(Role::Amount);
            return;
        }
        let told = self.mentions.iter().any(|other| other.role.is_some()) || self.is_behind_a_payment(mention);
        let within = self.mentions.iter().any(|other| {
            let tells = matches!(other.role, Some(Role::Balance | Role::Event | Role::Amount));
            other.sentence == mention.sentence && tells
        });
        let advertised =
            self.sentences[mention.sentence].opener || self.rules(mention, &[Role::Advertisement]).is_some();
        if told && advertised && !within && !self.sentence_says(mention.sentence, pattern::TOLD_OF_READER) {
            mention.role = Some(Role::Advertisement);
        }
    }

    /// Whether a lender's earlier sentence states that the loan was paid, and the sentence of the amount speaks of no
    /// rest: "Loan fully repaid! Want an upgrade to GHS 7,500?".
    fn is_behind_a_payment(&mut self, mention: &Mention) -> bool {
        let is_rest = |word: &u16| in_class(class::OWED, *word) || in_class(class::LEFT_OVER, *word);
        let pays = |rule: &&LoanRule| matches!(rule.class, LoanClass::Repaid | LoanClass::Repayment);
        self.row.kind == Kind::Lender
            && !self.sentences[mention.sentence].words.iter().any(is_rest)
            && (0..mention.sentence).any(|index| {
                let mut rules = LOAN_RULES.iter().filter(pays);
                !self.sentences[index].opener && rules.any(|rule| self.sentence_says(index, rule.patterns))
            })
    }

    /// Whether "charged" is the only word of a fee before the amount.
    fn is_only_charged(&self, mention: &Mention) -> bool {
        let mut fees = self.before(mention).iter().filter(|word| in_class(class::FEE, **word));
        fees.all(|word| in_class(class::CHARGED, *word))
    }

    fn rules(&mut self, mention: &Mention, roles: &[Role]) -> Option<Role> {
        let sentence = &self.sentences[mention.sentence];
        let start = sentence.words[..mention.at]
            .iter()
            .rposition(|word| *word == MONEY)
            .map_or(0, |at| at + 1);
        let (before, behind) = (&sentence.words[start..mention.at], &sentence.words[mention.at + 1..]);
        let matcher = &mut self.matcher;
        let found = self
            .rules
            .iter()
            .filter(|rule| roles.contains(&rule.role))
            .find(|rule| {
                let left = rule.left.is_empty() || matcher.before(rule.left, &sentence.possible, before);
                left && (rule.right.is_empty() || matcher.behind(rule.right, &sentence.possible, behind))
            });
        found.map(|rule| rule.role)
    }

    /// The strongest event that the amount takes part in, and whether another event of that strength has the other
    /// direction.
    fn event(&mut self, mention: &Mention, fees: bool) -> Option<(&'static Event, bool)> {
        let sentence = &self.sentences[mention.sentence];
        let start = sentence.words[..mention.at]
            .iter()
            .rposition(|word| *word == MONEY)
            .map_or(0, |at| at + 1);
        let (before, behind) = (&sentence.words[start..mention.at], &sentence.words[mention.at + 1..]);
        // The headline of an event may be a sentence of its own before the amount.
        let headline = (before == [BEGIN])
            .then(|| mention.sentence.checked_sub(1))
            .flatten()
            .map(|index| &self.sentences[index])
            .filter(|sentence| !sentence.has_money && !sentence.harmless);
        let mut best: Option<(&'static Event, bool)> = None;
        for event in self.events.iter().copied() {
            if (event.flags & flag::FEE != 0) != fees {
                continue;
            }
            if event.flags & flag::BANKS != 0 && self.row.kind != Kind::Bank {
                continue;
            }
            let amount = self.amount(mention);
            // "36,000DR": a mark states the direction too.
            let sign = match amount.marked {
                Some(Impact::Debit) => Sign::Minus,
                _ => amount.sign,
            };
            if event.flags & flag::MINUS != 0 && sign != Sign::Minus {
                continue;
            }
            // "Payment -R350.00 from savings": the sign states the direction.
            if matches!(
                (sign, event.direction),
                (Sign::Minus, Some(Impact::Credit)) | (Sign::Plus, Some(Impact::Debit))
            ) {
                continue;
            }
            if best.is_some_and(|(best, _)| {
                best.strength < event.strength
                    || (best.strength == event.strength
                        && best.direction == event.direction
                        && best.direction.is_some())
            }) {
                continue;
            }
            let mut left = event.left.is_empty() || self.matcher.before(event.left, &sentence.possible, before);
            if !left
                && event.flags & flag::HEADLINE != 0
                && let Some(headline) = headline
            {
                let words = &headline.words[..headline.words.len() - 1];
                left = self.matcher.before(event.left, &headline.possible, words);
            }
            if !left || !(event.right.is_empty() || self.matcher.behind(event.right, &sentence.possible, behind)) {
                continue;
            }
            best = match best {
                // Received airtime is not money, even if the words suggest it.
                _ if event.direction.is_none() => Some((event, false)),
                Some((known, _)) if known.direction.is_none() => Some((known, false)),
                Some((known, ambiguous)) if known.strength == event.strength => {
                    Some((known, ambiguous || known.direction != event.direction))
                }
                _ => Some((event, false)),
            };
        }
        best
    }

    /// The event of a fee that is the whole movement.
    pub(crate) fn fee_event(&mut self, mention: &Mention) -> Option<&'static Event> {
        self.event(mention, true).map(|(event, _)| event)
    }

    /// Whether the text is of the language with this number.
    pub(crate) fn speaks(&self, language: usize) -> bool {
        (UNMARKED | self.marked) & (1 << language) != 0
            || self
                .mentions
                .iter()
                .any(|mention| mention.event.is_some_and(|event| event.language == language))
    }

    pub(crate) fn with_role(&self, role: Role) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |mention| mention.role == Some(role))
    }

    /// The value with its sign: negative if `DR` or a minus stands beside it.
    pub(crate) fn signed(&self, mention: &Mention) -> Option<Money> {
        let amount = self.amount(mention);
        let value = amount.value?;
        if amount.sign == Sign::Minus || amount.marked == Some(Impact::Debit) {
            return Money::new(-value.decimal()).ok();
        }
        Some(value)
    }
}

/// The role of an amount behind these words if they name a balance, with the words around the word "balance".
fn balance(before: &[u16]) -> Option<(Role, Vec<u16>)> {
    let at = before.iter().rposition(|word| in_class(class::BALANCE, *word))?;
    let post = &before[at + 1..];
    if post.len() > 10
        || post
            .iter()
            .any(|word| in_class(class::BALANCE_STOP, *word) || *word == END)
    {
        return None;
    }
    let head = &before[at.saturating_sub(7)..at];
    // The name of a balance begins behind the last date, link or comma: "airtime on … New balance".
    let cut = head
        .iter()
        .rposition(|word| matches!(*word, DATE | LINK | BEGIN) || in_class(class::COMMA, *word));
    let head = &head[cut.map_or(0, |at| at + 1)..];
    let about: Vec<u16> = head.iter().chain(post).copied().collect();
    let any = |class: u16| about.iter().any(|word| in_class(class, *word));
    let role = if any(class::NOT_MONEY) || head.iter().any(|word| in_class(class::PREVIOUS, *word)) {
        Role::OtherBalance
    } else if any(class::OVERDRAFT) && !any(class::OWED) {
        // The balance of an overdraft is a limit or a debt. The words do not distinguish the two.
        Role::OtherBalance
    } else if any(class::LOANISH) {
        Role::Debt
    } else {
        Role::Balance
    };
    Some((role, about))
}

/// Whether a balance is that of a pocket, such as savings, beside the account.
pub(super) fn is_pocket(about: &[u16]) -> bool {
    about.iter().any(|word| in_class(class::POCKET, *word))
}
