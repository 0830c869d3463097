/**
 * Polar words of the templates, by part of speech. Words that do not occur in the training data, or have the opposite
 * polarity there, are left out.
 */
export const polarWords = {
  adjective: {
    positive:
      words(`good great excellent wonderful funny charming moving clever fresh engaging enjoyable entertaining brilliant
      beautiful delicious tasty comfortable reliable sturdy useful friendly helpful impressive interesting exciting amazing
      fantastic superb satisfying pleasant nice perfect awesome fun worthwhile compelling gripping hilarious original smart
      touching memorable powerful delightful fascinating intelligent inspired lovely solid warm witty thoughtful
      attentive fabulous incredible outstanding terrific sweet elegant sharp refreshing likable effective rich tender cool
      convincing believable lively happy stylish genuine honest subtle vivid affordable authentic flawless magnificent
      thrilling suspenseful inventive imaginative intriguing insightful absorbing rewarding captivating decent`),
    negative:
      words(`bad boring dull terrible awful horrible poor disappointing annoying tedious predictable weak silly pointless lame
      stupid slow bland cheap useless flimsy rude dirty overpriced unreliable uncomfortable mediocre stale forgettable unpleasant
      frustrating broken tasteless confusing messy shallow lifeless unfunny worthless flat cold soggy dry greasy disgusting
      ugly ridiculous pathetic lousy dreadful painful clumsy tired generic empty hollow sloppy uneven ludicrous
      contrived derivative unconvincing irritating depressing dumb inept incoherent laughable muddled repetitive sluggish
      uninspired unimaginative unwatchable defective crappy gross noisy heavy-handed trite wooden unbelievable
      manipulative pretentious lazy embarrassing unoriginal cliched plodding`),
  },
  noun: {
    positive: words(
      `masterpiece joy pleasure delight triumph treat gem success winner bargain classic wonder blast must-see hit`,
    ),
    negative: words(`mess disaster failure bore letdown disappointment chore joke dud flop bomb nightmare ripoff mistake
      embarrassment insult catastrophe`),
  },
  quality: {
    positive:
      words(`charm wit depth heart flavor energy style humor imagination originality emotion suspense tension intelligence
      warmth passion excitement personality insight grace honesty inspiration magic substance`),
    negative: words(`problems flaws cliches flaw stupidity dullness boredom complaints trouble nonsense noise excess
      annoyances weaknesses mistakes junk filler`),
  },
  verb: {
    positive: words(`love like enjoy recommend appreciate admire`),
    negative: words(`hate dislike regret despise loathe avoid`),
  },
  past: {
    positive: words(`loved liked enjoyed recommended appreciated admired adored`),
    negative: words(`hated disliked regretted despised loathed avoided`),
  },
  feeling: {
    positive: words(`happy pleased impressed satisfied thrilled amazed delighted excited moved entertained`),
    negative: words(`disappointed annoyed bored frustrated angry disgusted unhappy upset unimpressed insulted`),
  },
  does: {
    positive:
      words(`works_great works_perfectly works_well fits_perfectly looks_great tastes_amazing sounds_great delivers
      entertains impresses holds_up_well does_the_job makes_you_smile feels_fresh succeeds`),
    negative:
      words(`falls_apart drags disappoints fails falls_flat tastes_awful smells_bad sucks breaks_easily feels_cheap
      feels_like_a_waste_of_time looks_terrible sounds_awful wears_thin annoys bores misfires`),
  },
  infinitive: {
    positive:
      words(`impress entertain convince engage work deliver satisfy excite amuse surprise inspire move_me make_me_laugh
      hold_my_attention live_up_to_the_hype come_together`),
    negative: words(`disappoint bore annoy offend frustrate fail fall_apart let_me_down drag insult_my_intelligence`),
  },
  did: {
    positive:
      words(`exceeded_my_expectations made_me_laugh kept_me_hooked won_me_over blew_me_away surprised_me_in_a_good_way
      was_worth_every_penny made_my_day arrived_quickly worked_right_away worked_like_a_charm`),
    negative:
      words(`put_me_to_sleep wasted_my_time let_me_down stopped_working broke_after_a_week fell_apart made_me_sick
      ruined_my_evening gave_me_a_headache died_after_two_days left_me_cold never_arrived was_a_waste_of_money`),
  },
} as const;

export type PartOfSpeech = keyof typeof polarWords;
export type Polarity = 'positive' | 'negative';

/** Splits a text at spaces; an underscore is a space within a phrase. */
function words(text: string): readonly string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('_', ' '));
}
